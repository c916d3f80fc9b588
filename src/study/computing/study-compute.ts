import { Inject, Injectable } from '@nestjs/common';
import { ComputeThreads } from '../../platform/compute/compute-threads.js';
import { Settings } from '../../platform/config/settings.js';
import { FileTakesTooLong, FileTakesTooMuchMemory, StudyComputeBusy } from './study-compute.errors.js';
import type { STUDY_TASKS } from './study-tasks.js';

/** The file that worker threads run; threads load built files only. */
export const STUDY_WORKER = Symbol('STUDY_WORKER');

/** Of JavaScript alone; what PDFium takes has its own bound (see pdfium.ts). */
const MEMORY_MIB = 256;

/** Where files of users are opened: on threads that may take only so long and so much. */
@Injectable()
export class StudyCompute extends ComputeThreads<typeof STUDY_TASKS> {
  constructor(settings: Settings, @Inject(STUDY_WORKER) worker: URL) {
    super({
      worker,
      memoryMib: MEMORY_MIB,
      threads: () => settings.studyThreads,
      seconds: () => settings.studySeconds,
      busy: () => new StudyComputeBusy(),
      timedOut: (seconds) => new FileTakesTooLong(seconds),
      failed: (cause) => new FileTakesTooMuchMemory(cause),
    });
  }
}
