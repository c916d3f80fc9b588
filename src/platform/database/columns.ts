import { Column, type ColumnOptions, ForeignKey, Index, PrimaryColumn, type ValueTransformer } from 'typeorm';

/*
 * Columns whose types exist on both engines. The database's default collation is binary on both, so text compares byte
 * by byte; what should ignore case carries a normalised key of its own.
 */

const ID_LENGTH = 36;

export function IdColumn(): PropertyDecorator {
  return PrimaryColumn('varchar', { length: ID_LENGTH });
}

interface RefOptions {
  nullable?: boolean;
  primary?: boolean;
  /** Off where a composite index already begins with this column. */
  index?: boolean;
  onDelete?: 'CASCADE' | 'RESTRICT' | 'SET NULL';
}

/** An id of another table's row with a foreign key; rows go with what they point to unless said otherwise. */
export function RefColumn(target: () => new () => object, options: RefOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    const column = { length: ID_LENGTH, nullable: options.nullable ?? false };
    if (options.primary) PrimaryColumn('varchar', { length: ID_LENGTH })(prototype, property);
    else Column('varchar', column)(prototype, property);
    ForeignKey(target, { onDelete: options.onDelete ?? 'CASCADE' })(prototype, property);
    if (!options.primary && options.index !== false) Index()(prototype, property);
  };
}

/** An id without a foreign key, for rows that outlive what they name (audit) or tables that cannot have one (partitions). */
export function LooseIdColumn(options: { nullable?: boolean } = {}): PropertyDecorator {
  return Column('varchar', { length: ID_LENGTH, nullable: options.nullable ?? false });
}

/** A UTC instant with milliseconds. */
export function InstantColumn(options: { nullable?: boolean } = {}): PropertyDecorator {
  return Column('datetime', { precision: 3, ...options });
}

/** A whole number up to 2^53, for amounts that may outgrow 32 bits. */
export function AmountColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column('bigint', { transformer: toNumber, ...options });
}

/** A short word from a fixed list; checked by the code that writes it, so that a new word needs no table rebuild. */
export function WordColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column('varchar', { length: 32, ...options });
}

/** Up to 16 MB of bytes. SQLite takes the name for any length. */
export function BytesColumn(): PropertyDecorator {
  return Column('mediumblob');
}

/** Up to 16 MB of text. */
export function LongTextColumn(): PropertyDecorator {
  return Column('mediumtext');
}

/** Structured data that no query looks into. */
export function JsonColumn(options: { nullable?: boolean } = {}): PropertyDecorator {
  return Column('simple-json', options);
}

const toNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? value : Number(value)),
};
