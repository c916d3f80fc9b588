import { Column, Entity, Index, VersionColumn } from 'typeorm';
import { StaffLevel } from '../access/permission.js';
import { InstantColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { comparable } from '../platform/http/text.js';
import { Principal } from '../users/principal.entity.js';
import { StaffStatus } from './staff-status.js';

/** Somebody who helps users. */
@Entity('support_staff')
@Index('support_staff_username_key', ['usernameKey'], { unique: true })
@Index('support_staff_email_key', ['emailKey'], { unique: true })
export class StaffMember {
  @RefColumn(() => Principal, { primary: true })
  id!: string;

  @Column('varchar', { length: 64 })
  username!: string;

  @Column('varchar', { length: 64 })
  usernameKey!: string;

  @Column('varchar', { length: 254 })
  email!: string;

  @Column('varchar', { length: 254 })
  emailKey!: string;

  @Column('varchar', { length: 120, nullable: true })
  name: string | null = null;

  @Column('int')
  level: StaffLevel = StaffLevel.Viewer;

  @WordColumn()
  status: StaffStatus = StaffStatus.Active;

  @InstantColumn({ nullable: true })
  emailVerifiedAt: Date | null = null;

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

  /** Nobody has shown to read another address's mail. */
  moveTo(email: string): void {
    if (comparable(email) !== this.emailKey) this.emailVerifiedAt = null;
    this.email = email;
    this.emailKey = comparable(email);
  }
}
