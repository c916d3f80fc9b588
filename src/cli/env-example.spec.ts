import { readFileSync } from 'node:fs';
import { envExample } from './env-example.js';

describe('.env.example', () => {
  const made = envExample(readFileSync('src/platform/config/settings.ts', 'utf8'));

  it('is what the settings class says (npm run --silent provost -- env-example > .env.example)', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(made);
  });

  it('tells of every setting what it is for', () => {
    expect(made).not.toMatch(/^# *$/m);
  });
});
