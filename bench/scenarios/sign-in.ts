import { PASSWORD, shuffled } from '../population.js';
import type { Load, Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { verifyLoad } from './verify.js';

export const signIn: Scenario = {
  name: 'sign-in',
  title: 'sign-in (argon2id 19 MiB, t=2)',
  target: 0.9,
  async prepare(stage) {
    const ours = signInLoad(stage);
    return { floor: { ...ours, url: stage.floor.url, path: '/sign-in' }, ours };
  },
};

/** The floor here is our own rate without the storm. */
export const storm: Scenario = {
  name: 'storm',
  title: 'verify during a storm of sign-ins',
  target: 0.6,
  maxP99Ms: 20,
  async prepare(stage) {
    const floor = verifyLoad(stage);
    return { floor, ours: { ...floor, background: signInLoad(stage) } };
  },
};

export function signInLoad({ service, population }: Stage): Load {
  const requests = shuffled(population.people).slice(0, 10_000).map(({ username }) => ({ body: JSON.stringify({ login: username, password: PASSWORD }) }));
  return { url: service.url, method: 'POST', path: '/api/v1/auth/login', requests };
}
