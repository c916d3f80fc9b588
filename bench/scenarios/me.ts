import { shuffled } from '../population.js';
import type { Scenario } from '../scenario.js';

export const me: Scenario = {
  name: 'me',
  title: 'me by access token, session checked',
  target: 1.0,
  async prepare({ service, floor, population, tokens }) {
    const { keys } = (await (await fetch(`${service.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    const requests = shuffled(population.sessions).map((session) => ({ credential: tokens.accessToken(session, keys[0]!.kid) }));
    const load = { method: 'GET', requests } as const;
    return { floor: { ...load, url: floor.url, path: '/me' }, ours: { ...load, url: service.url, path: '/api/v1/auth/me' } };
  },
};
