import { Injectable } from '@nestjs/common';
import { PrincipalKind } from '../access/permission.js';
import { utcDay } from '../platform/clock/days.js';
import { millisOf } from '../platform/database/sql.js';
import { Census } from '../users/census.js';
import { Backfill } from './backfill.js';
import { Stats } from './stats.service.js';
import { Tally } from './tally.js';

/** Sign-ups and deletions. A deletion stays one when the user is restored. */
@Injectable()
export class UserCounts {
  constructor(census: Census, stats: Stats, backfill: Backfill) {
    census.register((tx, { what, at }) => stats.record(at.reduce((tally, instant) => tally.count(utcDay(instant), what), new Tally()), tx));
    backfill.register(
      {
        name: 'principals',
        select: 'SELECT id, kind, created_at FROM principals',
        count: ([, kind, at], tally) => kind === PrincipalKind.User && tally.count(dayOf(at), 'signUps'),
      },
      {
        name: 'audit_events',
        select: 'SELECT id, action, at FROM audit_events',
        count: ([, action, at], tally) => action === 'users.delete' && tally.count(dayOf(at), 'deletions'),
      },
    );
  }
}

function dayOf(at: unknown): string {
  return utcDay(new Date(millisOf(at)));
}
