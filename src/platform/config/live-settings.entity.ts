import { Entity, VersionColumn } from 'typeorm';
import { InstantColumn, JsonColumn, WordColumn } from '../database/columns.js';

export interface Override {
  readonly value: unknown;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** The admin; null for the command line. */
  readonly updatedBy: string | null;
}

/** What admins have set: one row, so that one version says whether somebody else was quicker. */
@Entity('live_settings')
export class LiveSettingsRow {
  @WordColumn({ primary: true })
  id: string = LiveSettingsRow.ID;

  static readonly ID = 'live';

  @JsonColumn()
  overrides: Record<string, Override> = {};

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;
}
