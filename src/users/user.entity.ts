import { Column, Entity, Index, VersionColumn } from 'typeorm';
import { InstantColumn, JsonColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { comparable } from '../platform/http/text.js';
import { DEFAULT_PREFERENCES, type Preferences } from './preferences.js';
import { Principal } from './principal.entity.js';

export enum UserStatus {
  Active = 'active',
  Banned = 'banned',
}

@Entity('users')
export class User {
  @RefColumn(() => Principal, { primary: true })
  id!: string;

  @Column('varchar', { length: 254 })
  email!: string;

  /** The e-mail address as it is compared: no two users have the same. */
  @Index('users_email_key', { unique: true })
  @Column('varchar', { length: 254 })
  emailKey!: string;

  @Column('varchar', { length: 64 })
  username!: string;

  @Index('users_username_key', { unique: true })
  @Column('varchar', { length: 64 })
  usernameKey!: string;

  @Column('varchar', { length: 120, nullable: true })
  name: string | null = null;

  @WordColumn()
  status: UserStatus = UserStatus.Active;

  /** IANA name; the user's days begin at midnight there. */
  @Column('varchar', { length: 64 })
  timeZone: string = 'UTC';

  @JsonColumn()
  preferences: Preferences = { ...DEFAULT_PREFERENCES };

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

  moveTo(email: string): void {
    this.email = email;
    this.emailKey = comparable(email);
  }
}
