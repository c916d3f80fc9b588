import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../../platform/database/in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { Erasure, OwnedRows } from '../../users/erasure/erasure.js';
import { PersonalData } from '../../users/personal-data/personal-data.js';
import { Credential } from '../credentials/credential.entity.js';
import { KnownDevice } from '../devices/known-device.entity.js';
import { LoginAudit } from '../login-audit.entity.js';
import { MailLink } from '../mail-links/mail-link.entity.js';
import { RecoveryCode } from '../mfa/recovery-code.entity.js';
import { TotpFactor } from '../mfa/totp-factor.entity.js';
import { Session } from '../sessions/session.entity.js';
import { UnknownSignIns } from './unknown-sign-ins.js';

/** What this module holds about a user. */
@Injectable()
export class PersonalAccount {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    unknown: UnknownSignIns,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'sign-in/sessions.json', about: 'Where you are and were signed in.', tables: ['sessions'], rows: (id) => this.sessions(id) },
      { path: 'sign-in/attempts.ndjson', about: 'Every attempt to sign in to your account, good or bad.', tables: ['auth_login_audit'], rows: (id) => this.attempts(id) },
      { path: 'sign-in/devices.json', about: 'Devices from which you have signed in.', tables: ['known_devices'], rows: (id) => this.devices(id) },
      { path: 'sign-in/password.json', about: 'When your password was set. The password is kept nowhere.', tables: ['credentials'], rows: (id) => this.passwords(id) },
      { path: 'sign-in/two-step.json', about: 'Your authenticator app and recovery codes, but for the secrets.', tables: ['totp_factors', 'recovery_codes'], rows: (id) => this.factors(id) },
      { path: 'sign-in/mail-links.json', about: 'Links that were mailed to you to confirm your address or set a password.', tables: ['mail_links'], rows: (id) => this.links(id) },
    );
    const owned = ['sessions', 'auth_login_audit', 'known_devices', 'credentials', 'totp_factors', 'recovery_codes', 'mfa_challenges', 'mail_links'];
    erasure.register(...owned.map((table) => new OwnedRows(sql, table, 'principal_id')), unknown);
  }

  private async *sessions(principalId: string): AsyncGenerator<object> {
    for await (const session of inBatches(this.db, Session, { principalId }, 'id')) {
      const { id, createdAt, lastUsedAt, expiresAt, endedAt, endReason, ip, userAgent, impersonatorId } = session;
      yield { id, createdAt, lastUsedAt, expiresAt, endedAt, endReason, ip, userAgent, ...(impersonatorId && { impersonatedBy: 'admin' }) };
    }
  }

  private async *attempts(principalId: string): AsyncGenerator<object> {
    for await (const { id, at, username, ip, userAgent, ok, reason } of inBatches(this.db, LoginAudit, { principalId }, 'id')) yield { id, at, username, ip, userAgent, ok, reason };
  }

  private async *devices(principalId: string): AsyncGenerator<object> {
    for await (const { network, userAgent, firstSeenAt, lastSeenAt } of inBatches(this.db, KnownDevice, { principalId }, 'id')) yield { network, userAgent, firstSeenAt, lastSeenAt };
  }

  private async *passwords(principalId: string): AsyncGenerator<object> {
    for await (const { changedAt, mustChange } of inBatches(this.db, Credential, { principalId }, 'principalId')) yield { changedAt, mustChange };
  }

  private async *factors(principalId: string): AsyncGenerator<object> {
    for await (const { createdAt, activatedAt } of inBatches(this.db, TotpFactor, { principalId }, 'principalId')) yield { kind: 'totp', createdAt, activatedAt };
    for await (const { usedAt } of inBatches(this.db, RecoveryCode, { principalId }, 'id')) yield { kind: 'recovery-code', usedAt };
  }

  private async *links(principalId: string): AsyncGenerator<object> {
    for await (const { purpose, address, createdAt, expiresAt, usedAt } of inBatches(this.db, MailLink, { principalId }, 'id')) yield { purpose, address, createdAt, expiresAt, usedAt };
  }
}
