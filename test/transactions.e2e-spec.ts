import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MYSQL_URL, type Scratch, scratchDatabase } from './support/scratch-database.js';
import { settingsFrom } from '../src/platform/config/load-settings.js';
import { sqlOf } from '../src/platform/database/database.module.js';
import { dataSourceOptions } from '../src/platform/database/data-source-options.js';
import { ProvostDataSource } from '../src/platform/database/provost-data-source.js';
import type { Sql } from '../src/platform/database/sql.js';
import { WaitsForItself } from '../src/platform/database/turnstile.js';

@Entity('notes')
class Note {
  @PrimaryColumn('int')
  id!: number;

  @Column('varchar', { length: 100 })
  text!: string;
}

/** Lets two transactions take turns, step by step: `reach` says that a point was passed, `after` waits for it. */
class Steps {
  private readonly points = new Map<string, { promise: Promise<void>; resolve: () => void }>();

  reach(name: string): void {
    this.point(name).resolve();
  }

  after(name: string): Promise<void> {
    return this.point(name).promise;
  }

  private point(name: string): { promise: Promise<void>; resolve: () => void } {
    let point = this.points.get(name);
    if (!point) {
      let resolve!: () => void;
      const promise = new Promise<void>((done) => (resolve = done));
      this.points.set(name, (point = { promise, resolve }));
    }
    return point;
  }
}

/** Gives whatever else is ready a chance to run, so that transactions really interleave. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('transactions', () => {
  let scratch: Scratch;
  let database: ProvostDataSource;
  let sql: Sql;

  beforeAll(async () => {
    scratch = await scratchDatabase();
    const settings = settingsFrom({}, scratch.settings);
    database = await new ProvostDataSource(dataSourceOptions(settings, [Note], [])).initialize();
    sql = sqlOf(database, settings);
    await database.query('CREATE TABLE notes (id int NOT NULL PRIMARY KEY, text varchar(100) NOT NULL)');
  });
  afterAll(async () => {
    await database.destroy();
    await scratch.drop();
  });
  beforeEach(() => database.manager.deleteAll(Note));

  const note = (id: number, text = 'text'): Note => Object.assign(new Note(), { id, text });
  const ids = async (): Promise<number[]> => (await database.manager.find(Note, { order: { id: 'ASC' } })).map(({ id }) => id);

  it('keep their rows apart: what commits stays whole, what rolls back leaves nothing, however they interleave', async () => {
    const writers = Array.from({ length: 40 }, (_, writer) =>
      database.manager
        .transaction(async (tx) => {
          for (let row = 0; row < 3; row += 1) {
            await tx.insert(Note, note(writer * 10 + row));
            await breathe();
          }
          if (writer % 2 === 1) throw new Error('change of mind');
        })
        .catch((error: Error) => {
          if (error.message !== 'change of mind') throw error;
        }),
    );
    await Promise.all(writers);
    const even = Array.from({ length: 20 }, (_, index) => index * 2);
    expect(await ids()).toEqual(even.flatMap((writer) => [0, 1, 2].map((row) => writer * 10 + row)));
  });

  it('keep lone statements and prepared ones out of a transaction under way', async () => {
    const steps = new Steps();
    const rolledBack = database.manager.transaction(async (tx) => {
      await tx.insert(Note, note(1));
      steps.reach('inserted');
      await breathe();
      await breathe();
      throw new Error('change of mind');
    });
    await steps.after('inserted');
    const lone = [database.manager.insert(Note, note(2)), sql.execute('INSERT INTO notes (id, text) VALUES (?, ?)', [3, 'prepared'])];
    await expect(rolledBack).rejects.toThrow('change of mind');
    await Promise.all(lone);
    expect(await ids()).toEqual([2, 3]);
  });

  it('of the prepared kind roll back alone as well', async () => {
    const outcomes = await Promise.allSettled([
      sql.transaction(async (tx) => {
        await tx.execute('INSERT INTO notes (id, text) VALUES (?, ?)', [1, 'kept']);
        await breathe();
      }),
      sql.transaction(async (tx) => {
        await tx.execute('INSERT INTO notes (id, text) VALUES (?, ?)', [2, 'dropped']);
        await breathe();
        throw new Error('change of mind');
      }),
      database.manager.transaction((tx) => tx.insert(Note, note(3))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids()).toEqual([1, 3]);
  });

  it('nest as savepoints: the inner one can fail and the outer one still commit', async () => {
    await database.manager.transaction(async (tx) => {
      await tx.insert(Note, note(1));
      const inner = tx.transaction(async (nested) => {
        await nested.insert(Note, note(2));
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
      await tx.transaction((nested) => nested.insert(Note, note(3)));
    });
    expect(await ids()).toEqual([1, 3]);
  });

  it('serve again after a failed statement', async () => {
    await database.manager.insert(Note, note(1));
    await expect(database.manager.transaction((tx) => tx.insert(Note, note(1)))).rejects.toThrow();
    await database.manager.transaction((tx) => tx.insert(Note, note(2)));
    expect(await ids()).toEqual([1, 2]);
  });

  if (!MYSQL_URL) {
    it('refuse a query on the outer manager inside of one, instead of waiting for themselves forever', async () => {
      const outer = database.manager.transaction(async (tx) => {
        await tx.insert(Note, note(1));
        await database.manager.count(Note);
      });
      await expect(outer).rejects.toThrow(WaitsForItself);
      const prepared = database.manager.transaction(async () => {
        await sql.execute('SELECT 1', []);
      });
      await expect(prepared).rejects.toThrow(/use the transaction's own manager/);
      const second = database.manager.transaction(() => database.manager.transaction((tx) => tx.count(Note)));
      await expect(second).rejects.toThrow(WaitsForItself);
      expect(await ids()).toEqual([]);
    });
  } else {
    it('run again after a deadlock until both are through', async () => {
      await database.manager.insert(Note, [note(1, '0'), note(2, '0')]);
      const steps = new Steps();
      let runs = 0;
      const crossing = (first: number, second: number, mine: string, others: string): Promise<void> =>
        database.manager.transaction(async (tx) => {
          runs += 1;
          await tx.query('UPDATE notes SET text = text + 1 WHERE id = ?', [first]);
          steps.reach(mine);
          await steps.after(others);
          await tx.query('UPDATE notes SET text = text + 1 WHERE id = ?', [second]);
        });
      await Promise.all([crossing(1, 2, 'one has 1', 'two has 2'), crossing(2, 1, 'two has 2', 'one has 1')]);
      expect(runs).toBeGreaterThan(2);
      expect((await database.manager.find(Note)).map(({ text }) => text)).toEqual(['2', '2']);
    });

    it('of the prepared kind run again after a deadlock too', async () => {
      await database.manager.insert(Note, [note(1, '0'), note(2, '0')]);
      const steps = new Steps();
      let runs = 0;
      const crossing = (first: number, second: number, mine: string, others: string): Promise<void> =>
        sql.transaction(async (tx) => {
          runs += 1;
          await tx.execute('UPDATE notes SET text = text + 1 WHERE id = ?', [first]);
          steps.reach(mine);
          await steps.after(others);
          await tx.execute('UPDATE notes SET text = text + 1 WHERE id = ?', [second]);
        });
      await Promise.all([crossing(1, 2, 'one has 1', 'two has 2'), crossing(2, 1, 'two has 2', 'one has 1')]);
      expect(runs).toBeGreaterThan(2);
      expect((await database.manager.find(Note)).map(({ text }) => text)).toEqual(['2', '2']);
    });
  }
});
