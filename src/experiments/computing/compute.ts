import { Inject, Injectable } from '@nestjs/common';
import { ComputeThreads } from '../../platform/compute/compute-threads.js';
import { Settings } from '../../platform/config/settings.js';
import { ComputeBusy, ComputeFailed, ComputeTimedOut } from './compute.errors.js';
import type { TASKS } from './tasks.js';

/** The file that worker threads run; threads load built files only. */
export const COMPUTE_WORKER = Symbol('COMPUTE_WORKER');

const MEMORY_MIB = 512;

/** Where designs, fits, searches and plots are computed. */
@Injectable()
export class Compute extends ComputeThreads<typeof TASKS> {
  constructor(settings: Settings, @Inject(COMPUTE_WORKER) worker: URL) {
    super({
      worker,
      memoryMib: MEMORY_MIB,
      threads: () => settings.computeThreads,
      seconds: () => settings.computeSeconds,
      busy: () => new ComputeBusy(),
      timedOut: (seconds) => new ComputeTimedOut(seconds),
      failed: (cause) => new ComputeFailed(cause),
    });
  }
}
