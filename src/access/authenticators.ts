import { Injectable } from '@nestjs/common';
import type { Actor, Origin } from './actor.js';

export interface AuthenticateOptions {
  /** Whether a caller verified shortly before may be believed while the database is away. */
  servesOutage?: boolean;
}

/** One way of proving who is calling. Higher modules bring theirs; the guard knows only this. */
export interface Authenticator {
  /** Whether this credential is of its kind; cheap, by its form alone. */
  recognises(credential: string): boolean;
  /** Whether by its form alone this credential says that it may not write: where nobody asks for a credential, nobody verifies it. */
  saysReadOnly?(credential: string): boolean;
  authenticate(credential: string, origin: Origin, options?: AuthenticateOptions): Promise<Actor>;
}

@Injectable()
export class Authenticators {
  private readonly known: Authenticator[] = [];

  register(authenticator: Authenticator): void {
    this.known.push(authenticator);
  }

  for(credential: string): Authenticator | undefined {
    return this.known.find((authenticator) => authenticator.recognises(credential));
  }
}
