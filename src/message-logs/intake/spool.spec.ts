import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../platform/clock/clock.js';
import { settingsFrom } from '../../platform/config/load-settings.js';
import { newId } from '../../platform/ids/ids.js';
import { SpoolFull } from '../message-logs.problems.js';
import type { LogRow } from './log-row.js';
import { Spool } from './spool.js';

function row(clientId: string | null = null, bytes = 100): LogRow {
  return {
    id: newId(), userId: 'ada', clientId, conversationId: null, model: 'm', messageCount: 1, promptTokens: null, completionTokens: 7,
    latencyMs: null, metadata: '{"a":"ü"}', createdAt: new Date('2026-03-02T12:00:00.123Z'), sealed: Buffer.alloc(bytes, 0xfe),
  };
}

describe('the spool', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'provost-spool-'));
  const opened: Spool[] = [];
  const open = (folder = dataDir, spoolBytes = 1024 * 1024): Spool => {
    const spool = new Spool(settingsFrom({}, { dataDir: folder, spoolBytes }), new SystemClock());
    opened.push(spool);
    return spool;
  };
  afterAll(() => {
    opened.forEach((spool) => spool.close());
    rmSync(dataDir, { recursive: true, force: true });
  });
  const folder = (): string => mkdtempSync(join(dataDir, 's-'));

  it('makes no file before it is needed', () => {
    const spool = open(folder());
    expect(spool.isEmpty).toBe(true);
    expect(spool.first(10)).toEqual([]);
    expect(spool.state()).toEqual({ rows: 0, bytes: 0, oldestAt: undefined });
  });

  it('gives rows back as they were, oldest first, to this process and to the next', () => {
    const place = folder();
    const rows = [row('a'), row(), row('b')];
    expect(open(place).add(rows)).toEqual(new Set());
    expect(open(place).first(10).map((spooled) => spooled.row)).toEqual(rows);
  });

  it('takes a client id once, and knows which it has', () => {
    const spool = open(folder());
    const [first, second, other] = [row('a'), row('a'), row('b')];
    spool.add([first]);
    expect(spool.duplicates([second, other])).toEqual(new Set([second.id]));
    expect(spool.add([second, other])).toEqual(new Set([second.id]));
    expect(spool.first(10).map(({ row: { id } }) => id)).toEqual([first.id, other.id]);
  });

  it('keeps a row that was set aside, out of the way of the others', () => {
    const spool = open(folder());
    spool.add([row('bad'), row('good')]);
    spool.setAside(spool.first(1)[0]!);
    expect(spool.first(10).map(({ row: { clientId } }) => clientId)).toEqual(['good']);
    spool.remove(spool.first(10));
    expect(spool.isEmpty).toBe(true);
    expect(spool.state().rows).toBe(1);
  });

  it('takes nothing of what goes beyond its bound, and gives the room back when it is emptied', () => {
    const place = folder();
    const spool = open(place);
    const bulk = (): LogRow[] => Array.from({ length: 5 }, () => row(null, 100_000));
    spool.add(bulk());
    expect(() => spool.add([...bulk(), ...bulk()])).toThrow(SpoolFull);
    expect(spool.state().rows).toBe(5);
    spool.remove(spool.first(10));
    spool.add(bulk());
    spool.remove(spool.first(10));
    expect(spool.state().bytes).toBeLessThan(100_000);
    spool.close();
    expect(statSync(join(place, 'spool', 'message-logs.db')).size).toBeLessThan(100_000);
  });
});
