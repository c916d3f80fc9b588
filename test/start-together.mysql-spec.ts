import { BuiltService, environmentOf } from './support/built.js';
import { scratchDatabase } from './support/scratch-database.js';

describe('two processes that start at once on a fresh database', () => {
  it('both serve: the schema, the first admin and the first plan are made once', async () => {
    const scratch = await scratchDatabase();
    const services = await Promise.all([1, 2].map(() => BuiltService.start(environmentOf(scratch))));
    expect(services.filter(({ greeting }) => greeting.includes('first admin'))).toHaveLength(1);
    for (const { url } of services) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await Promise.all(services.map((service) => service.stop()))).toEqual([0, 0]);
    await scratch.drop();
    // One of them makes the whole schema, while the other waits.
  }, 240_000);
});
