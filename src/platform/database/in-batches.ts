import { type EntityManager, type EntityTarget, type FindManyOptions, type FindOptionsWhere, MoreThan } from 'typeorm';

const BATCH = 500;

/** Rows of a table in the order of a key that no two of them share, a batch in memory at a time. */
export async function* inBatches<T extends object>(db: EntityManager, entity: EntityTarget<T>, where: FindOptionsWhere<T>, key: keyof T & string, from?: string): AsyncGenerator<T> {
  for (let after = from; ; ) {
    const options = { where: after === undefined ? where : { ...where, [key]: MoreThan(after) }, order: { [key]: 'ASC' }, take: BATCH } as FindManyOptions<T>;
    const batch = await db.find(entity, options);
    yield* batch;
    if (batch.length < BATCH) return;
    after = batch.at(-1)![key] as string;
  }
}
