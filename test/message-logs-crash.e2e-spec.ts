import { BuiltService, environmentOf } from './support/built.js';
import { IntakeLoad, usersWithKeys } from './support/intake-load.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';

const WRITERS = 12;
const KILLS = 10;
const BETWEEN_KILLS = 150;

describe('message logs under load', () => {
  let scratch: Scratch;
  let service: BuiltService;
  let load: IntakeLoad;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start(environmentOf(scratch));
    load = new IntakeLoad(() => service.url, await usersWithKeys(service.url, WRITERS));
  }, 60_000);
  afterAll(async () => {
    await service.stop('SIGKILL');
    await scratch.drop();
  });

  it(`are there exactly once after ${KILLS} SIGKILLs and a SIGTERM, all that were acknowledged`, async () => {
    load.start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await load.until(BETWEEN_KILLS);
      await service.stop('SIGKILL');
      service = await BuiltService.start(environmentOf(scratch));
    }
    await load.until(BETWEEN_KILLS);
    expect(await service.stop('SIGTERM')).toBe(0);
    service = await BuiltService.start(environmentOf(scratch));
    await load.until(BETWEEN_KILLS);
    await load.stop();
    expect(load.unexpected).toEqual([]);
    expect(load.failures).toBeGreaterThan(KILLS);
    expect(load.acknowledged.size).toBeGreaterThan((KILLS + 2) * BETWEEN_KILLS);
    expect(await load.flaws()).toEqual({ lost: [], doubled: [] });
  }, 300_000);
});
