import type { EntityManager } from 'typeorm';
import { Result } from '../results/result.entity.js';

/** The values of results as they stand now: where one was corrected, that of the last correction. */
export async function valuesNow(db: EntityManager, experimentId: string, responseId: string): Promise<(resultId: string) => number> {
  const results = await db.find(Result, { select: { id: true, value: true, correctsId: true }, where: { experimentId, responseId } });
  const corrections = new Map(results.flatMap((result) => (result.correctsId === null ? [] : [[result.correctsId, result]])));
  const values = new Map(results.map(({ id, value }) => [id, value]));
  return (resultId) => {
    let last = resultId;
    for (let next = corrections.get(last); next; next = corrections.get(last)) last = next.id;
    return values.get(last)!;
  };
}
