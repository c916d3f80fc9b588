import { setImmediate as turn } from 'node:timers/promises';
import { BEGINNING, ChangeLog } from '../src/platform/changes/change-log.js';
import { Change } from '../src/platform/changes/change.entity.js';
import { Changes } from '../src/platform/changes/changes.js';
import { Sql } from '../src/platform/database/sql.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Api } from './support/api.js';

describe('changes', () => {
  let api: Api;
  let changes: Changes;
  let log: ChangeLog;
  beforeAll(async () => {
    api = await Api.start();
    changes = api.app.get(Changes);
    log = api.app.get(ChangeLog);
  });
  afterAll(() => api.close());

  const announce = async (subject = newId()): Promise<string> => {
    await api.db.transaction((tx) => changes.announce(tx, 'settings', subject));
    return subject;
  };

  function told(): (string | undefined)[] {
    const heard: (string | undefined)[] = [];
    changes.on('settings', (subject) => void heard.push(subject));
    return heard;
  }

  it('are heard of where they were made before the caller goes on, however long the hearing takes', async () => {
    const heard: (string | undefined)[] = [];
    changes.on('ip-rules', async (subject) => {
      await turn();
      heard.push(subject);
    });
    await api.db.transaction((tx) => changes.announce(tx, 'ip-rules', 'entities'));
    expect(heard).toContain('entities');
    await api.app.get(Sql).transaction((tx) => changes.announce(tx, 'ip-rules', 'statements'));
    expect(heard).toContain('statements');
  });

  it('are not heard of when their transaction is rolled back', async () => {
    const heard = told();
    const failing = api.db.transaction(async (tx) => {
      await changes.announce(tx, 'settings', 'never');
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const after = await announce();
    await changes.poll();
    expect(new Set(heard)).toEqual(new Set([after]));
  });

  it('need a transaction', async () => {
    await expect(changes.announce(api.db, 'settings', 'x')).rejects.toThrow('needs a transaction');
  });

  it('reach everybody else when one who hears fails', async () => {
    changes.on('data-key-erased', () => {
      throw new Error('deaf');
    });
    const heard: (string | undefined)[] = [];
    changes.on('data-key-erased', (subject) => void heard.push(subject));
    await api.db.transaction((tx) => changes.announce(tx, 'data-key-erased', 'x'));
    expect(heard).toContain('x');
  });

  it('are heard of when they were written by a process that died before it could tell or number them', async () => {
    const heard = told();
    const subject = newId();
    await api.db.transaction((tx) => log.add(tx, newId(), 'settings', subject));
    await changes.poll();
    expect(heard).toEqual([subject]);
    expect(await api.db.findOneByOrFail(Change, { subject })).toMatchObject({ seq: (await log.newest()).seq });
  });

  it('are forgotten after a day, all but the newest; who was away for longer is told to forget everything', async () => {
    await announce();
    await changes.poll();
    const old = await log.newest();
    for (let made = 0; made < 3; made += 1) await announce();
    await changes.poll();
    api.clock.advanceSeconds(25 * 3600);
    await api.app.get(Jobs).run('changes.purge');
    expect(await api.db.count(Change)).toBe(1);
    expect((await log.since(await log.newest()))!.entries).toEqual([]);
    expect(await log.since(old)).toBeUndefined();
    expect(await log.since(BEGINNING)).toBeUndefined();
  });

  it('tell to forget everything when the table is another one than before', async () => {
    const heard = told();
    await api.db.deleteAll(Change);
    await changes.poll();
    expect(heard).toEqual([undefined]);
    const subject = await announce();
    await changes.poll();
    expect(heard).toContain(subject);
  });
});
