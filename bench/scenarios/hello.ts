import type { Scenario } from '../scenario.js';

export const hello: Scenario = {
  name: 'hello',
  title: 'hello world',
  target: 0.75,
  async prepare({ service, floor }) {
    const load = { method: 'GET', requests: [{}] } as const;
    return { floor: { ...load, url: floor.url, path: '/hello' }, ours: { ...load, url: service.url, path: '/health/live' } };
  },
};
