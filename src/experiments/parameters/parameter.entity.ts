import { Column, Entity, Unique } from 'typeorm';
import { JsonColumn, WordColumn } from '../../platform/database/columns.js';
import type { Metadata } from '../experiment.entity.js';
import type { Factor, FactorKind, Setting } from '../factors.js';
import { Part, PointedTo } from '../part.js';

/** A factor of an experiment. */
@Entity('experiment_parameters')
@PointedTo()
@Unique('experiment_parameters_name', ['experimentId', 'name'])
export class Parameter extends Part {
  @Column('varchar', { length: 64 })
  name!: string;

  @WordColumn()
  kind!: FactorKind;

  @Column('varchar', { length: 32, nullable: true })
  unit: string | null = null;

  @Column('double', { nullable: true })
  low: number | null = null;

  @Column('double', { nullable: true })
  high: number | null = null;

  /** Coded 0 where that is not the midpoint. */
  @Column('double', { nullable: true })
  centre: number | null = null;

  @JsonColumn({ nullable: true })
  levels: Setting[] | null = null;

  /** Place among the factors of the experiment. */
  @Column('int')
  position!: number;

  @JsonColumn()
  metadata: Metadata = {};
}

export function factorOf({ name, kind, low, high, centre, levels, unit }: Pick<Parameter, 'name' | 'kind' | 'low' | 'high' | 'centre' | 'levels' | 'unit'>): Factor {
  return {
    name,
    kind,
    ...(low !== null && { low }),
    ...(high !== null && { high }),
    ...(centre !== null && { centre }),
    ...(levels !== null && { levels }),
    ...(unit !== null && { unit }),
  };
}
