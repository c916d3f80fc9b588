import { Column, Entity, Index, VersionColumn } from 'typeorm';
import { InstantColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { comparable } from '../platform/http/text.js';
import { Principal } from '../users/principal.entity.js';

export enum AdminStatus {
  Active = 'active',
  Disabled = 'disabled',
}

@Entity('admins')
export class Admin {
  @RefColumn(() => Principal, { primary: true })
  id!: string;

  @Column('varchar', { length: 64 })
  username!: string;

  @Index({ unique: true })
  @Column('varchar', { length: 64 })
  usernameKey!: string;

  @WordColumn()
  status: AdminStatus = AdminStatus.Active;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;

  rename(username: string): void {
    this.username = username;
    this.usernameKey = comparable(username);
  }
}
