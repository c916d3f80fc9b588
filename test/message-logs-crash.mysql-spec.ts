import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltService } from './support/built.js';
import { eventually, IntakeLoad, metric, usersWithKeys } from './support/intake-load.js';
import { OwnMysql } from './support/own-mysql.js';

const WRITERS = 12;
const SOME = 150;
const KILLS = 10;

describe('message logs while MySQL goes away', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'provost-crash-'));
  let mysql: OwnMysql;
  let service: BuiltService;
  let load: IntakeLoad;

  const start = async (): Promise<void> => {
    service = await BuiltService.start({ DATA_DIR: dataDir, DATABASE_URL: await mysql.url(), DATABASE_TIMEOUT_MS: '1500' });
  };
  beforeAll(async () => {
    mysql = await OwnMysql.create();
    await start();
    load = new IntakeLoad(() => service.url, await usersWithKeys(service.url, WRITERS));
    load.start();
    await load.until(SOME);
  }, 120_000);
  afterAll(async () => {
    await service?.stop('SIGKILL');
    await mysql?.remove();
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);

  it('are taken all the same while MySQL is stopped, wait in the spool, and leave it when MySQL is back', async () => {
    await mysql.stop();
    await load.until(SOME);
    expect(await metric(service.url, 'provost_message_logs_spooled')).toBeGreaterThan(0);
    await mysql.start();
    await eventually(async () => (await metric(service.url, 'provost_message_logs_spooled')) === 0, 'empty spool');
    await load.until(SOME);
  }, 180_000);

  it(`survive ${KILLS} SIGKILLs in a row, every second one while MySQL is stopped, and with the spool half empty at the next`, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      // A new process must have met its callers before MySQL goes: it believes nobody it does not know.
      await load.until(SOME);
      if (kill % 2 === 0) {
        await mysql.stop();
        await load.until(SOME);
      }
      await service.stop('SIGKILL');
      if (kill % 2 === 0) await mysql.start();
      await start();
    }
    await load.until(SOME);
  }, 400_000);

  it('are taken while MySQL hangs, and not stored twice when what it was sent before takes effect after all', async () => {
    await mysql.pause();
    // Each request first waits in vain for the look-up of its key.
    await load.until(40);
    await mysql.resume();
    await load.until(SOME);
  }, 180_000);

  it('survive a SIGTERM of the service while MySQL is stopped', async () => {
    await mysql.stop();
    await load.until(SOME);
    expect(await service.stop('SIGTERM')).toBe(0);
    await mysql.start();
    await start();
    await load.until(SOME);
  }, 180_000);

  it('are there exactly once in the end, all that were acknowledged, and the spool is empty', async () => {
    await load.stop();
    await eventually(async () => (await metric(service.url, 'provost_message_logs_spooled')) === 0, 'empty spool');
    expect(load.unexpected).toEqual([]);
    expect(await metric(service.url, 'provost_message_logs_total{outcome="lost"}')).toBe(0);
    expect(await load.flaws()).toEqual({ lost: [], doubled: [] });
  }, 180_000);
});
