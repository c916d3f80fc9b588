import { availableParallelism } from 'node:os';

/**
 * Unit tests lie beside their files, e2e tests in test/; both engines run the same files (TEST_DATABASE_URL decides). What
 * only a server can do to us, such as going away, is in `*.mysql-spec.ts` and part of the MySQL run alone.
 */
export default {
  testEnvironment: 'node',
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts', ...(process.env.TEST_DATABASE_URL ? ['**/*.mysql-spec.ts'] : [])],
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
  testTimeout: 30_000,
  // Many tests wait for processes of their own: on two cores two at a time take much less time than one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
