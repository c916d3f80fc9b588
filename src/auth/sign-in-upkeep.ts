import { Injectable } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.js';
import { FailureCounts } from './attempts/failure-counts.js';
import { MfaChallenges } from './mfa/mfa-challenges.service.js';
import { SessionsService } from './sessions/sessions.service.js';

/** Removes what signing in leaves behind once it means nothing any more. */
@Injectable()
export class SignInUpkeep {
  constructor(jobs: Jobs, counts: FailureCounts, challenges: MfaChallenges, sessions: SessionsService) {
    jobs.define({
      name: 'auth.purge',
      description: 'removes failed sign-ins that no longer count, sign-ins that waited for a code too long, and sessions that ended a month ago',
      schedule: '0 20 * * * *',
      run: async () => ({ failures: await counts.purge(), challenges: await challenges.purge(), sessions: await sessions.purge() }),
    });
  }
}
