import { Injectable } from '@nestjs/common';
import { utcDay } from '../platform/clock/days.js';
import { Census } from '../users/census.js';
import { Stats } from './stats.service.js';
import { Tally } from './tally.js';

/** Sign-ups and deletions. A deletion stays one when the user is restored. */
@Injectable()
export class UserCounts {
  constructor(census: Census, stats: Stats) {
    census.register((tx, { what, at }) => stats.record(new Tally().count(utcDay(at), what), tx));
  }
}
