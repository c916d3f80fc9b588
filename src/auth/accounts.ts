import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Permission, PrincipalKind, StaffLevel } from '../access/permission.js';
import type { SqlValue } from '../platform/database/sql.js';

/** What sign-in needs to know of a principal, whichever table it lies in. Instants are milliseconds. */
export interface Account {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly username: string;
  readonly email: string | null;
  readonly name: string | null;
  /** Only `active` may sign in. */
  readonly status: string;
  /** When a ban ends; null where there is none, or no end. */
  readonly bannedUntil: number | null;
  readonly emailVerified: boolean;
  readonly timeZone: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export interface Standing {
  readonly table: string;
  readonly condition: string;
  /** What the condition's places stand for at this instant. */
  readonly values: (now: Date) => SqlValue[];
}

/** What one principal may do, where not all of its kind may the same. */
export interface Rights {
  readonly permissions: ReadonlySet<Permission>;
  readonly level?: StaffLevel;
}

/** Where principals of one kind are found. Each kind's module brings its own; the mechanism of sign-in is one. */
export interface AccountDirectory {
  readonly kind: PrincipalKind;
  /** The table of these principals, and what must hold of a row for its owner to sign in: a session begins only where it does. */
  readonly standing: Standing;
  /** By username or e-mail address, as typed. */
  findByLogin(login: string): Promise<Account | undefined>;
  find(id: string): Promise<Account | undefined>;
  /** What the account's row says at this moment; undefined when it may not sign in. Without this method all of the kind may the same, and nothing is asked. */
  rights?(id: string): Promise<Rights | undefined>;
  /** Notes that the account's owner reads this address's mail. False when the account's address is another by now. */
  confirmAddress(tx: EntityManager, id: string, address: string): Promise<boolean>;
}

@Injectable()
export class Accounts {
  private readonly directories = new Map<PrincipalKind, AccountDirectory>();

  register(directory: AccountDirectory): void {
    this.directories.set(directory.kind, directory);
  }

  of(kind: PrincipalKind): AccountDirectory {
    const directory = this.directories.get(kind);
    if (!directory) throw new Error(`No directory of accounts for ${kind}`);
    return directory;
  }
}
