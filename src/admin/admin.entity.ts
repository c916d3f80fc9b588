import { Column, Entity, Index, VersionColumn } from 'typeorm';
import { adminPermissions, Permission } from '../access/permission.js';
import { InstantColumn, JsonColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
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

  /** Null is everything, also what later versions add. */
  @JsonColumn({ nullable: true })
  permissions: string[] | null = null;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;

  /** Whether this admin can look after admins. */
  get manages(): boolean {
    return this.status === AdminStatus.Active && adminPermissions(this.permissions).has(Permission.AdminsWrite);
  }

  rename(username: string): void {
    this.username = username;
    this.usernameKey = comparable(username);
  }
}
