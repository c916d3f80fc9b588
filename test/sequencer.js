import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Those that took some 40 s or more in CI on two cores, roughly longest first. Most of them wait for processes of their own, and are short to read. */
const LONGEST = [
  'message-logs-crash.mysql-spec',
  'master-key.e2e-spec',
  'revocation.mysql-spec',
  'cli.e2e-spec',
  'message-logs-crash.e2e-spec',
  'generated-clients.kit-spec',
  'middleware.kit-spec',
  'sign-in-storm.e2e-spec',
  'export.e2e-spec',
  'start.e2e-spec',
  'experiments-data.e2e-spec',
  'signing-keys.e2e-spec',
  'tours.kit-spec',
];

/**
 * Begins with the longest files: one that is begun last keeps its worker busy when the others have nothing left to do. What a
 * file took is known after its first run only; without that, as in a clean clone, jest goes by the size of the file.
 */
export default class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return sorted.every(({ duration }) => duration !== undefined) ? sorted : sorted.sort((a, b) => place(a.path) - place(b.path));
  }
}

function place(path) {
  const found = LONGEST.findIndex((name) => path.endsWith(`/${name}.ts`));
  return found < 0 ? LONGEST.length : found;
}
