import { availableParallelism } from 'node:os';

/**
 * Rules as plain objects are `*.spec.ts`, most of them beside their files; what needs a database is `*.e2e-spec.ts`, and both
 * engines run the same files (TEST_DATABASE_URL decides). What only a server can do to us, such as going away, is in
 * `*.mysql-spec.ts`. The MySQL run leaves out the rules: they know no database,
 * and `*.kit-spec.ts`: what other people's programs do in front of Provost does not depend on its engine.
 */
export default {
  testEnvironment: 'node',
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: process.env.TEST_DATABASE_URL ? ['**/*.e2e-spec.ts', '**/*.mysql-spec.ts'] : ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.kit-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    }],
  },
  // Tests that start processes take long where other programs want the processor too; a test that hangs may cost a minute.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/sequencer.js',
  // Each file leaves some of its modules behind in the worker; collecting gigabytes of them costs more than a new worker.
  workerIdleMemoryLimit: '1500MB',
  // Many tests wait for processes of their own: on two cores two at a time take much less time than one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
