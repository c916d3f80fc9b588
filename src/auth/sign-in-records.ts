import { Injectable } from '@nestjs/common';
import type { PrincipalKind } from '../access/permission.js';
import { Combiner, type Outcome } from '../platform/batching/combiner.js';
import { isDatabaseAway } from '../platform/database/failures.js';
import { Sql } from '../platform/database/sql.js';
import { LoginAudits, type SignInAttempt } from './login-audits.js';
import { NewSessions, type WantedSession } from './sessions/new-sessions.js';
import type { Session } from './sessions/session.entity.js';

interface Success {
  readonly attempt: SignInAttempt;
  readonly wanted: WantedSession;
}

const MOST_TOGETHER = 64;

/**
 * What remains of a sign-in that succeeded: its session, its row of evidence and its count, all or none of them. Those who
 * arrive together share a transaction: each commit waits for the disk, and on the embedded engine everybody waits with it.
 */
@Injectable()
export class SignInRecords {
  private readonly combiners = new Map<PrincipalKind, Combiner<Success, Session>>();

  constructor(
    private readonly sql: Sql,
    private readonly sessions: NewSessions,
    private readonly audits: LoginAudits,
  ) {}

  /** Throws `MayNotSignIn` where the owner may have no session at this moment, or the password is another by now. */
  keep(attempt: SignInAttempt, wanted: WantedSession): Promise<Session> {
    return this.combinerOf(attempt.kind).submit({ attempt, wanted });
  }

  private keepAll(successes: readonly Success[]): Promise<Outcome<Session>[]> {
    return this.sql.transaction(async (tx) => {
      const outcomes = await this.sessions.begin(tx, successes.map(({ wanted }) => wanted));
      const begun = successes.filter((_, index) => 'value' in outcomes[index]!);
      await this.audits.noteSignIns(tx, begun.map(({ attempt }) => attempt));
      return outcomes;
    });
  }

  private combinerOf(kind: PrincipalKind): Combiner<Success, Session> {
    let combiner = this.combiners.get(kind);
    if (!combiner) this.combiners.set(kind, combiner = new Combiner((successes) => this.keepAll(successes), { maxBatch: MOST_TOGETHER, maxInFlight: 2, dooms: isDatabaseAway }));
    return combiner;
  }
}
