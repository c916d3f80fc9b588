import { Injectable } from '@nestjs/common';
import { PassingCounts } from '../stats/passing-counts.js';
import { InsufficientCredits, LimitReached } from './usage.problems.js';

/** Counts who used something, and what was refused to whom it was refused. */
@Injectable()
export class UsageCounts {
  constructor(private readonly passing: PassingCounts) {}

  async watch<T>(userId: string, use: Promise<T>): Promise<T> {
    try {
      const granted = await use;
      this.passing.saw(userId);
      return granted;
    } catch (error) {
      if (error instanceof LimitReached) this.passing.count('limitRefusals');
      if (error instanceof InsufficientCredits) this.passing.count('creditRefusals');
      throw error;
    }
  }
}
