import { Column, Entity, Unique } from 'typeorm';
import { JsonColumn, WordColumn } from '../../platform/database/columns.js';
import type { Metadata } from '../experiment.entity.js';
import { Part, PointedTo } from '../part.js';

export const GOALS = ['none', 'maximise', 'minimise', 'target', 'in-range'] as const;
export type Goal = (typeof GOALS)[number];

/** What is measured. Goal and bounds are those of Derringer and Suich's desirability. */
@Entity('experiment_responses')
@PointedTo()
@Unique('experiment_responses_name', ['experimentId', 'name'])
export class Response extends Part {
  @Column('varchar', { length: 64 })
  name!: string;

  @Column('varchar', { length: 32, nullable: true })
  unit: string | null = null;

  @WordColumn()
  goal: Goal = 'none';

  /** Below it a value is of no use (maximise, target), or good enough (minimise). */
  @Column('double', { nullable: true })
  low: number | null = null;

  /** Above it a value is of no use (minimise, target), or good enough (maximise). */
  @Column('double', { nullable: true })
  high: number | null = null;

  @Column('double', { nullable: true })
  target: number | null = null;

  /** From 1 to 5: how much it counts beside the others. */
  @Column('int')
  importance: number = 3;

  /** The smallest effect that would matter: what power is told for. */
  @Column('double', { nullable: true })
  smallestEffect: number | null = null;

  @Column('int')
  position!: number;

  @JsonColumn()
  metadata: Metadata = {};
}
