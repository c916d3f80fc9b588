import { newId } from '../../platform/ids/ids.js';
import { idBound } from '../../platform/ids/ids.js';
import { expiredPartitions, missingPartitions, nameOf, type Partition, partitionOf, widthMs } from './partition-plan.js';

const DAY = 86_400_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const names = (partitions: Partition[]): string[] => partitions.map(({ name }) => name);

describe('partitions', () => {
  it('are a thirtieth of the time rows are kept, a day at least and thirty at most', () => {
    expect([1, 30, 90, 365, 3650, 0].map((days) => widthMs(days) / DAY)).toEqual([1, 1, 3, 12, 30, 30]);
  });

  it('are made ahead of the rows, and none twice', () => {
    const first = missingPartitions([], NOON, DAY);
    expect(names(first)).toEqual(['p20260303', 'p20260304', 'p20260305']);
    expect(missingPartitions(first, NOON, DAY)).toEqual([]);
    expect(names(missingPartitions(first, NOON + DAY, DAY))).toEqual(['p20260306']);
    expect(names(missingPartitions(first, NOON + 30 * DAY, DAY))).toEqual(['p20260402', 'p20260403', 'p20260404']);
  });

  it('go when every row in them is too old, not before', () => {
    const existing = ['p20260220', 'p20260221', 'p20260303'].map((name) => partitionOf(name)!);
    expect(names(expiredPartitions(existing, NOON, 9))).toEqual(['p20260220', 'p20260221']);
    expect(names(expiredPartitions(existing, NOON, 10))).toEqual(['p20260220']);
    expect(expiredPartitions(existing, NOON, 0)).toEqual([]);
  });

  it('are known by their names', () => {
    expect(partitionOf(nameOf(Date.UTC(2026, 2, 3)))).toEqual({ name: 'p20260303', end: Date.UTC(2026, 2, 3) });
    expect(partitionOf('rest')).toBeUndefined();
  });
});

it('the bound of an instant stands before the ids of that instant and after earlier ones', () => {
  const id = newId();
  const at = parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  expect(idBound(at) < id).toBe(true);
  expect(idBound(at + 1) > id).toBe(true);
});
