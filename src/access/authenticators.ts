import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { Actor } from './actor.js';

/** One way of proving who is calling. Higher modules bring theirs; the guard knows only this. */
export interface Authenticator {
  /** Whether this credential is of its kind; cheap, by its form alone. */
  recognises(credential: string): boolean;
  authenticate(credential: string, context: ExecutionContext): Promise<Actor>;
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
