import { shuffled } from '../population.js';
import type { Load, Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

export const verify: Scenario = {
  name: 'verify',
  title: 'verify an API key',
  target: 1.5,
  async prepare(stage) {
    const ours = verifyLoad(stage);
    return { floor: { ...ours, url: stage.floor.url, path: '/verify' }, ours };
  },
};

/** An application asks about the key of one user after another, in random order. */
export function verifyLoad({ service, population }: Stage): Load {
  const requests = shuffled(population.people).map(({ key }) => ({ credential: population.serviceKey, body: JSON.stringify({ apiKey: key }) }));
  return { url: service.url, method: 'POST', path: '/api/v1/auth/verify', requests };
}
