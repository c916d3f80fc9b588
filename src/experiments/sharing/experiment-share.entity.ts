import { Entity } from 'typeorm';
import { InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';
import { Experiment } from '../experiment.entity.js';

export const SHARE_ROLES = ['viewer', 'editor'] as const;
export type ShareRole = (typeof SHARE_ROLES)[number];

/** A user with whom an experiment is shared. */
@Entity('experiment_shares')
export class ExperimentShare {
  @RefColumn(() => Experiment, { primary: true })
  experimentId!: string;

  /** Second in the key; the shares of a user have an index of their own. */
  @RefColumn(() => Principal, { primary: true })
  userId!: string;

  @WordColumn()
  role!: ShareRole;

  @InstantColumn()
  createdAt!: Date;
}
