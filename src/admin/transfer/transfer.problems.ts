import { Problem } from '../../platform/problems/problem.js';

export class OtherFile extends Problem {
  constructor() {
    super('conflict', 'imports.other-file', 'This key belongs to the import of another file; choose a new one.');
  }
}

export class ImportGoesOn extends Problem {
  constructor() {
    super('conflict', 'imports.goes-on', 'This import goes on in another request or command.');
  }
}

export class ImportStopped extends Problem {
  constructor() {
    super('unavailable', 'imports.stopped', 'The service stops; send the same file with the same key again to go on.', { retryAfterSeconds: 10 });
  }
}
