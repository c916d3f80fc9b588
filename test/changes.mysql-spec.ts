import { ChangeLog, type Mark } from '../src/platform/changes/change-log.js';
import { Changes } from '../src/platform/changes/changes.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Api } from './support/api.js';
import { DatabaseProxy } from './support/database-proxy.js';
import { ownMsUntil } from './support/own-time.js';
import { until } from './support/until.js';

describe('changes made in one process', () => {
  let api: Api;
  let proxy: DatabaseProxy;
  let other: Api;
  beforeAll(async () => {
    api = await Api.start();
    proxy = await DatabaseProxy.before(api.settings.databaseUrl!);
    other = await Api.start({ databaseUrl: proxy.url, dataDir: api.settings.dataDir });
  });
  afterAll(async () => {
    await other.close();
    await proxy.close();
    await api.close();
  });

  const announce = async (subject = newId()): Promise<string> => {
    await api.db.transaction((tx) => api.app.get(Changes).announce(tx, 'settings', subject));
    return subject;
  };

  /** What the other process is told from now on. */
  function toldThere(): (string | undefined)[] {
    const told: (string | undefined)[] = [];
    other.app.get(Changes).on('settings', (subject) => void told.push(subject));
    return told;
  }

  it('are heard of in another within a second, each once', async () => {
    const told = toldThere();
    const subjects = [await announce(), await announce(), await announce()];
    expect(await ownMsUntil(async () => told.length === subjects.length)).toBeLessThan(1000);
    await other.app.get(Changes).poll();
    expect(told.toSorted()).toEqual(subjects.toSorted());
  });

  it('are not missed when their transaction was open while many others were made, heard of and purged', async () => {
    const told = toldThere();
    const late = newId();
    let announced!: () => void;
    let mayCommit!: () => void;
    const isAnnounced = new Promise<void>((resolve) => (announced = resolve));
    const held = new Promise<void>((resolve) => (mayCommit = resolve));
    const slow = api.db.transaction(async (tx) => {
      await api.app.get(Changes).announce(tx, 'settings', late);
      announced();
      await held;
    });
    await isAnnounced;
    const others = await Promise.all(Array.from({ length: 300 }, () => announce()));
    await until(() => others.every((subject) => told.includes(subject)));
    // All of them have numbers then: the purge keeps the newest, and that is the mark of both.
    await api.app.get(Changes).poll();
    await other.app.get(Changes).poll();
    const mark = await api.app.get(ChangeLog).newest();
    api.clock.advanceSeconds(25 * 3600);
    await api.app.get(Jobs).run('changes.purge');
    mayCommit();
    await slow;
    await until(() => told.includes(late));
    await api.app.get(Changes).poll();
    const { entries } = (await api.app.get(ChangeLog).since(mark))!;
    expect(entries.map(({ subject }) => subject)).toContain(late);
    expect(told).not.toContain(undefined);
  });

  it('are numbered without a gap by many at once, and whoever reads by number misses none and sees none twice', async () => {
    const logs = [api.app.get(ChangeLog), other.app.get(ChangeLog)];
    await api.app.get(Changes).poll();
    const seen: string[] = [];
    let mark: Mark = await logs[1]!.newest();
    const first = mark.seq;
    const read = async (): Promise<void> => {
      const numbered = (await logs[1]!.since(mark))!.entries.filter(({ seq }) => seq !== null);
      seen.push(...numbered.map(({ subject }) => subject));
      const last = numbered.at(-1);
      if (last) mark = { seq: last.seq!, id: last.id };
    };
    const made: string[] = [];
    await Promise.all(Array.from({ length: 20 }, async (_, caller) => {
      for (let round = 0; round < 10; round += 1) {
        made.push(await announce());
        const page = (await logs[caller % 2]!.since(mark))!;
        await logs[caller % 2]!.number(page.entries.filter(({ seq }) => seq === null).map(({ id }) => id), page.greatest);
        if (caller === 0) await read();
      }
    }));
    await api.app.get(Changes).poll();
    await read();
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(mark.seq - first).toBe(made.length);
  });

  it('are caught up with after the database was away for one of them', async () => {
    const told = toldThere();
    proxy.goAway();
    const missed = [await announce(), await announce()];
    proxy.comeBack();
    await until(() => missed.every((subject) => told.includes(subject)));
    expect(told).not.toContain(undefined);
  });

  it('make another forget everything when it was away for longer than they are kept', async () => {
    const told = toldThere();
    proxy.goAway();
    await announce();
    await announce();
    await api.app.get(Changes).poll();
    api.clock.advanceSeconds(25 * 3600);
    await api.app.get(Jobs).run('changes.purge');
    proxy.comeBack();
    await until(() => told.length > 0);
    expect(told).toEqual([undefined]);
  });
});
