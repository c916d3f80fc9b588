import { Column, Entity, Unique } from 'typeorm';
import { InstantColumn, JsonColumn, LooseIdColumn, WordColumn } from '../../platform/database/columns.js';
import type { ProblemKind, Violation } from '../../platform/problems/problem.js';
import { Part, PointedTo } from '../part.js';

export const COMPUTATION_KINDS = ['design', 'suggestion'] as const;
export type ComputationKind = (typeof COMPUTATION_KINDS)[number];

export const COMPUTATION_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type ComputationState = (typeof COMPUTATION_STATES)[number];
export const UNFINISHED: readonly ComputationState[] = ['queued', 'running'];

export interface ComputationProblem {
  /** Null for what nobody expected. */
  readonly kind: ProblemKind | null;
  readonly code: string;
  readonly detail: string;
  readonly extensions?: Record<string, unknown>;
  readonly violations?: readonly Violation[];
}

/** A long computation. Whatever ends it does so by an update of the unfinished row, of which one succeeds. */
@Entity('experiment_computations')
@PointedTo()
@Unique('experiment_computations_place', ['createdBy', 'place'])
export class Computation extends Part {
  @WordColumn()
  kind!: ComputationKind;

  @WordColumn()
  state: ComputationState = 'queued';

  /** 0 to 1. */
  @Column('double')
  progress: number = 0;

  /** The best figure so far, as the search measures it. */
  @Column('double', { nullable: true })
  best: number | null = null;

  @JsonColumn()
  request!: object;

  @JsonColumn({ nullable: true })
  result: object | null = null;

  @JsonColumn({ nullable: true })
  problem: ComputationProblem | null = null;

  /** Of the experiment, as the computation knows it. */
  @Column('int')
  experimentVersion!: number;

  @LooseIdColumn()
  createdBy!: string;

  /** Which of its user's places it takes until it ends: the unique key keeps anybody from having more at once. */
  @Column('int', { nullable: true })
  place: number | null = null;

  /** When the process that carries it out last said so. */
  @InstantColumn()
  heartbeatAt!: Date;

  @InstantColumn({ nullable: true })
  startedAt: Date | null = null;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;
}
