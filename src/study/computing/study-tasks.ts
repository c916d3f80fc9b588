import type { Report, Tasks } from '../../platform/compute/task.js';
import type { InspectedPdf, InspectOrder } from '../documents/pdf/inspect-pdf.js';
import type { Portion, ReadOrder } from '../documents/pdf/read-pages.js';

/** What the worker threads of this module can do, by name. Each loads its own code when it is first asked for. */
export const STUDY_TASKS = {
  inspectPdf: async (order: InspectOrder): Promise<InspectedPdf> => (await import('../documents/pdf/inspect-pdf.js')).inspectPdf(order),
  readPages: async (order: ReadOrder, report: Report): Promise<Portion> => (await import('../documents/pdf/read-pages.js')).readPages(order, report),
} satisfies Tasks;
