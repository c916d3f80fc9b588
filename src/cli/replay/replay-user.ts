import { randomBytes } from 'node:crypto';
import { toBase62 } from '../../platform/ids/base62.js';
import { CommandFailed } from '../output.js';
import type { Answer, ProvostClient } from './provost-client.js';

const SCOPES = ['usage:consume', 'messages:write', 'messages:read'];

export interface ReplayUser {
  readonly username: string;
  /** The API key that the application uses for this user. */
  readonly key: string;
}

/** Registers somebody new, signs them in and makes the API key for the rest. */
export async function enrol(client: ProvostClient, username: string, emailDomain: string, givenPassword?: string): Promise<ReplayUser> {
  const password = givenPassword ?? toBase62(randomBytes(18));
  const registered = await client.send('register', '/auth/register', { body: { username, email: `${username}@${emailDomain}`, password } });
  // Taken by an earlier replay of the same name, or by our own attempt whose answer was lost: signing in will tell.
  if (registered.status !== 409) demand(registered, 201, `${username} could not be registered`);
  const signedIn = await client.send('sign in', '/auth/login', { body: { login: username, password } });
  demand(signedIn, 200, `${username} could not sign in`);
  const made = await client.send('make key', '/users/me/api-keys', { credential: signedIn.body.accessToken as string, body: { name: 'replay', scopes: SCOPES } });
  demand(made, 201, `${username} got no API key`);
  return { username, key: made.body.key as string };
}

export function demand({ status, body }: Answer, wanted: number, otherwise: string): void {
  if (status !== wanted) throw new CommandFailed(`${otherwise}: ${status} ${body.code as string} ${body.detail as string}`);
}
