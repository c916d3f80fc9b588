import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Origin } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { hmac, Keyring, sha256 } from '../../platform/crypto/keyring.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { placeholders, Sql } from '../../platform/database/sql.js';
import { networkOf } from '../../platform/network/networks.js';
import type { Device } from '../credentials/evidence.js';
import { Notices, type Recipient } from '../notices.js';
import { KnownDevice } from './known-device.entity.js';

/** What is known of where an attempt to sign in comes from. */
export interface Whereabouts {
  readonly network: string;
  /** The device that proved by its token that the account has signed in with it. */
  readonly deviceId?: string;
  readonly knownNetwork: boolean;
  readonly devices: readonly Device[];
}

const TOKEN = /^pvd_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})$/;
const MOST_PER_PRINCIPAL = 50;
const STAMP_MS = 24 * 3_600_000;

/**
 * The devices each principal has signed in with: a program and the network it is in, or the bearer of a device token.
 * They are not locked out by strangers, and a sign-in from any other is told to the owner.
 */
@Injectable()
export class KnownDevices {
  private readonly key: Buffer;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly notices: Notices,
    keyring: Keyring,
  ) {
    this.key = keyring.derive('device-token');
  }

  locate(devices: readonly Device[], origin: Origin, token?: string): Whereabouts {
    const network = networkOf(origin.ip);
    const named = token === undefined ? undefined : this.read(token);
    return { network, devices, deviceId: devices.find(({ id }) => id === named)?.id, knownNetwork: devices.some((device) => device.network === network) };
  }

  /** Notes a sign-in and answers the token of the device. The first device of an account is no news to its owner. */
  async welcome(principal: Recipient, origin: Origin, { devices, deviceId, network }: Whereabouts): Promise<string> {
    const id = deviceId ?? sha256(JSON.stringify([principal.id, network, origin.userAgent])).toString('base64url');
    const known = devices.find((device) => device.id === id);
    if (!known) await this.add(id, principal, origin, network, devices.length > 0);
    else if (this.clock.millis() - known.lastSeenAt > STAMP_MS) await this.sql.execute('UPDATE known_devices SET last_seen_at = ? WHERE id = ?', [this.clock.now(), id]);
    return this.tokenOf(id);
  }

  /** Nothing is known any more: the next sign-in from anywhere is a new one. */
  async forgetAll(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(KnownDevice, { principalId });
  }

  private async add(id: string, principal: Recipient, origin: Origin, network: string, isNews: boolean): Promise<void> {
    const now = this.clock.now();
    await this.db.transaction(async (tx) => {
      const { affected } = await new EntityTransaction(tx).execute(
        `${this.sql.dialect.insertIgnore} known_devices (id, principal_id, network, user_agent, first_seen_at, last_seen_at) VALUES (${placeholders(6)})`,
        [id, principal.id, network, origin.userAgent, now, now],
      );
      if (affected !== 1) return;
      const old = await tx.find(KnownDevice, { where: { principalId: principal.id }, order: { lastSeenAt: 'DESC', id: 'DESC' }, skip: MOST_PER_PRINCIPAL, take: MOST_PER_PRINCIPAL });
      if (old.length > 0) await tx.remove(old);
      if (isNews) await this.notices.tell(tx, principal, 'new-device', origin);
    });
  }

  private tokenOf(id: string): string {
    return `pvd_${id}_${hmac(this.key, id).toString('base64url')}`;
  }

  private read(token: string): string | undefined {
    const [, id, mac] = TOKEN.exec(token) ?? [];
    if (!id || !mac) return undefined;
    const [given, real] = [Buffer.from(mac, 'base64url'), hmac(this.key, id)];
    return given.length === real.length && timingSafeEqual(given, real) ? id : undefined;
  }
}
