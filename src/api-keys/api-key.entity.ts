import { Column, Entity, VersionColumn } from 'typeorm';
import { Permission, PrincipalKind } from '../access/permission.js';
import { IdColumn, InstantColumn, JsonColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Principal } from '../users/principal.entity.js';
import type { IssuedKey } from './key-format.js';

/** A key of a user (acts as that user) or, without an owner, of an application (acts for the users it names). */
@Entity('api_keys')
export class ApiKey {
  @IdColumn()
  id: string = newId();

  /** `user` or `service`. */
  @WordColumn()
  kind!: PrincipalKind.User | PrincipalKind.Service;

  @RefColumn(() => Principal, { nullable: true })
  ownerId: string | null = null;

  @Column('varchar', { length: 120 })
  name!: string;

  /** SHA-256 of the key, base64url. */
  @Column('varchar', { length: 43 })
  hash!: string;

  /** The hash before the last rotation; good until `previousUntil`. */
  @Column('varchar', { length: 43, nullable: true })
  previousHash: string | null = null;

  @InstantColumn({ nullable: true })
  previousUntil: Date | null = null;

  /** The last four characters of the key. */
  @Column('varchar', { length: 8 })
  hint!: string;

  @JsonColumn()
  scopes!: Permission[];

  /** Networks the key may be used from; null is anywhere. */
  @JsonColumn({ nullable: true })
  allowedCidrs: string[] | null = null;

  @Column('int', { nullable: true })
  requestsPerMinute: number | null = null;

  @InstantColumn({ nullable: true })
  expiresAt: Date | null = null;

  /** To the minute, written behind. */
  @InstantColumn({ nullable: true })
  lastUsedAt: Date | null = null;

  @InstantColumn()
  createdAt!: Date;

  @VersionColumn()
  version!: number;

  take({ hash, hint }: IssuedKey): void {
    this.hash = hash;
    this.hint = hint;
  }

  /** The old key stays good for a while, so that whoever uses it can change over without a gap. */
  rotate(issued: IssuedKey, now: Date, graceSeconds: number): void {
    this.previousHash = graceSeconds > 0 ? this.hash : null;
    this.previousUntil = graceSeconds > 0 ? new Date(now.getTime() + graceSeconds * 1000) : null;
    this.take(issued);
  }
}
