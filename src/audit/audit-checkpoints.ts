import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { isDuplicate } from '../platform/database/failures.js';
import { insertRow } from '../platform/database/insert-row.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { AuditCheckpoint } from './audit-checkpoint.entity.js';
import { AuditLane } from './audit-lane.entity.js';
import { type LaneHead, statementOf } from './checkpoint-statement.js';

const READ_AT_ONCE = 50;
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
    checkpoint.signature = this.sign(statementOf(checkpoint, last?.signature));
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

  /** PEM. */
  get publicKeyText(): string {
    return this.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  }

  /** For statements that begin with what they are, so that none is taken for another. */
  sign(statement: Buffer): string {
    return sign(null, statement, this.privateKey).toString('base64url');
  }

  isSigned(checkpoint: AuditCheckpoint, previousSignature: string | undefined): boolean {
    return verify(null, statementOf(checkpoint, previousSignature), this.publicKey, Buffer.from(checkpoint.signature, 'base64url'));
  }

  /** The next ones after a number, few enough to look at in one turn of the event loop. */
  after(number: number): Promise<AuditCheckpoint[]> {
    return this.db.find(AuditCheckpoint, { where: { number: MoreThan(number) }, order: { number: 'ASC' }, take: READ_AT_ONCE });
  }

  async numbered(number: number): Promise<AuditCheckpoint | undefined> {
    return (await this.db.findOneBy(AuditCheckpoint, { number })) ?? undefined;
  }

  /** What this machine's own copy says of each later number; empty where there is none. */
  async copied(after: number): Promise<Map<number, string>> {
    const copies = new Map<number, string>();
    if (!existsSync(this.file)) return copies;
    for await (const line of createInterface({ input: createReadStream(this.file) })) {
      const { number, signature } = JSON.parse(line) as { number: number; signature: string };
      if (number > after) copies.set(number, signature);
    }
    return copies;
  }

  /** The number of the first one from an instant on, or one more than there are. Times grow with the numbers, and have no index. */
  async firstFrom(at: Date): Promise<number> {
    let [low, high] = [1, ((await this.last())?.number ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const checkpoint = await this.numbered(middle);
      if (checkpoint && checkpoint.at >= at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private async last(): Promise<AuditCheckpoint | undefined> {
    const [last] = await this.db.find(AuditCheckpoint, { order: { number: 'DESC' }, take: 1 });
    return last;
  }
}
