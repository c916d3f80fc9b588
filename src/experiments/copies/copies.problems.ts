import { Problem } from '../../platform/problems/problem.js';

export class ForeignFile extends Problem {
  constructor(wanted: string, found: unknown) {
    const known = typeof found === 'string' ? `${JSON.stringify(found.slice(0, 64))}` : 'none';
    super('malformed', 'experiments.foreign-file', `The body must be a file from GET /experiments/{id}/export, of the format ${JSON.stringify(wanted)}; its format is ${known}.`, { violations: [{ pointer: '/format', code: 'format', detail: `Only ${wanted} can be read.` }] });
  }
}

/** The parts of a file are sound each by itself, but not together. */
export class FileRefused extends Problem {
  constructor(pointer: string, code: string, detail: string) {
    super('rule-broken', 'experiments.file-refused', `${pointer.slice(1)}: ${detail}`, { violations: [{ pointer, code, detail }] });
  }
}
