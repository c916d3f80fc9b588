import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { AuditCheckpoint } from './audit-checkpoint.entity.js';
import { AuditLane } from './audit-lane.entity.js';

/** A lane, how many rows it has and the hash of the last. */
export type LaneHead = readonly [lane: number, seq: number, hash: string];

/** Of PKCS #8 for a bare Ed25519 seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs, every few minutes in which something happened, where all chains end. The signature can be checked by anybody who
 * has the public key; a copy of each statement lies in a file beside the keys, so that the table cannot be cut off either.
 */
@Injectable()
export class AuditCheckpoints {
  private readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  private readonly file: string;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    settings: Settings,
    keyring: Keyring,
    jobs: Jobs,
  ) {
    this.privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, keyring.derive('audit-checkpoint')]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.privateKey);
    this.file = join(settings.dataDir, 'audit-checkpoints.ndjson');
    jobs.define({ name: 'audit.checkpoint', description: 'signs where the audit chains end', schedule: '30 */5 * * * *', run: async () => ({ number: (await this.take())?.number ?? 'unchanged' }) });
  }

  /** Signs the present ends; answers undefined when nothing has happened since the last time. */
  async take(): Promise<AuditCheckpoint | undefined> {
    const last = await this.last();
    const lanes = await this.db.find(AuditLane, { order: { lane: 'ASC' } });
    const heads = JSON.stringify(lanes.filter(({ seq }) => seq > 0).map(({ lane, seq, hash }): LaneHead => [lane, seq, hash]));
    if (heads === (last?.heads ?? '[]')) return last;
    const checkpoint = Object.assign(new AuditCheckpoint(), { number: (last?.number ?? 0) + 1, at: this.clock.now(), heads });
    checkpoint.signature = sign(null, statementOf(checkpoint, last?.signature), this.privateKey).toString('base64url');
    try {
      await insertRow(this.db, AuditCheckpoint, checkpoint);
    } catch (error) {
      // Another instance has just signed the same number.
      if (!isDuplicate(error)) throw error;
      return this.last();
    }
    appendFileSync(this.file, `${JSON.stringify({ number: checkpoint.number, signature: checkpoint.signature })}\n`, { mode: 0o600 });
    return checkpoint;
  }

  isSigned(checkpoint: AuditCheckpoint, previousSignature: string | undefined): boolean {
    return verify(null, statementOf(checkpoint, previousSignature), this.publicKey, Buffer.from(checkpoint.signature, 'base64url'));
  }

  after(number: number, take: number): Promise<AuditCheckpoint[]> {
    return this.db.createQueryBuilder(AuditCheckpoint, 'c').where('c.number > :number', { number }).orderBy('c.number', 'ASC').take(take).getMany();
  }

  /** What this machine's own copy says of each number; empty where there is none. */
  copied(): Map<number, string> {
    if (!existsSync(this.file)) return new Map();
    const lines = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
    return new Map(lines.map((line) => JSON.parse(line) as { number: number; signature: string }).map(({ number, signature }) => [number, signature]));
  }

  private async last(): Promise<AuditCheckpoint | undefined> {
    const [last] = await this.db.find(AuditCheckpoint, { order: { number: 'DESC' }, take: 1 });
    return last;
  }
}

/** What is signed: everything in the row, and the signature before it. */
function statementOf({ number, at, heads }: AuditCheckpoint, previousSignature = ''): Buffer {
  return Buffer.from(JSON.stringify(['provost audit checkpoint', number, at.toISOString(), heads, previousSignature]));
}
