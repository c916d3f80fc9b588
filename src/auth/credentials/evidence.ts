import { Injectable } from '@nestjs/common';
import { MergedLists } from '../../platform/database/merged-lookup.js';
import { millisOf, type Row, Sql } from '../../platform/database/sql.js';

/** A principal's password as it is stored. */
export interface StoredPassword {
  readonly principalId: string;
  readonly passwordHash: string;
  /** Nothing else can be done until it was changed. */
  readonly mustChange: boolean;
  readonly changedAt: number;
}

/** A device that a principal has signed in with. */
export interface Device {
  readonly id: string;
  readonly network: string;
  readonly lastSeenAt: number;
}

/** What a sign-in is checked against. Instants are milliseconds. */
export interface Evidence {
  readonly password?: StoredPassword;
  /** Whether an authenticator app is asked for as well. */
  readonly hasFactor: boolean;
  readonly devices: readonly Device[];
}

const SELECT =
  'SELECT c.principal_id, c.password_hash, c.must_change, c.changed_at, t.activated_at, d.id, d.network, d.last_seen_at ' +
  'FROM credentials c LEFT JOIN totp_factors t ON t.principal_id = c.principal_id LEFT JOIN known_devices d ON d.principal_id = c.principal_id ' +
  'WHERE c.principal_id';

/** Everything a sign-in asks of a principal of any kind, in one statement: each costs as much as a hundredth of the hash. */
@Injectable()
export class EvidenceLookup {
  private readonly rows: MergedLists<Row>;

  constructor(sql: Sql) {
    this.rows = new MergedLists(sql, SELECT, (row) => row);
  }

  /** @param principalId or anything else where there is no such account: the work is the same */
  async find(principalId: string): Promise<Evidence> {
    const rows = await this.rows.find(principalId);
    const [first] = rows;
    if (!first) return { hasFactor: false, devices: [] };
    const password = { principalId, passwordHash: first[1] as string, mustChange: Number(first[2]) === 1, changedAt: millisOf(first[3]) };
    return { password, hasFactor: first[4] !== null, devices: rows.filter((row) => row[5] !== null).map(deviceOf) };
  }
}

function deviceOf(row: Row): Device {
  return { id: row[5] as string, network: row[6] as string, lastSeenAt: millisOf(row[7]) };
}
