import { ValidationFailed } from '../../platform/problems/problems.js';
import { importable, isOutdated } from './password-hash.js';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const DIGEST = 'RdescudvJCsgt3ub+b4dWRWJTmaaJObGRdescudvJCs';
const BCRYPT = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
const argon2 = (variant: string, cost: string): string => `$argon2${variant}$v=19$${cost}$${SALT}$${DIGEST}`;

describe('a password hash from elsewhere', () => {
  it.each([BCRYPT, BCRYPT.replace('$2b', '$2y'), BCRYPT.replace('$2b', '$2a'), argon2('id', 'm=19456,t=2,p=1'), argon2('i', 'm=4096,t=3,p=1'), argon2('d', 'm=65536,t=3,p=4')])('%s is taken', (hash) => {
    expect(importable(hash)).toBe(hash);
  });

  it.each([
    'plain text',
    '5f4dcc3b5aa765d61d8327deb882cf99',
    BCRYPT.slice(0, -1),
    BCRYPT.replace('$10$', '$31$'),
    BCRYPT.replace('$10$', '$03$'),
    argon2('id', 'm=4194304,t=2,p=1'),
    argon2('id', 'm=19456,t=1000,p=1'),
    argon2('id', 'm=7,t=1,p=1'),
    argon2('id', 'm=19456,t=2,p=1').replace('v=19', 'v=16'),
    `${BCRYPT}\n`,
  ])('%s is refused', (hash) => {
    expect(() => importable(hash)).toThrow(ValidationFailed);
  });

  it.each([
    [argon2('id', 'm=19456,t=2,p=1'), false],
    [argon2('id', 'm=65536,t=3,p=4'), false],
    [argon2('id', 'm=9728,t=2,p=1'), true],
    [argon2('id', 'm=19456,t=1,p=1'), true],
    [argon2('i', 'm=65536,t=3,p=1'), true],
    [BCRYPT, true],
  ])('%s is made anew: %s', (hash, expected) => {
    expect(isOutdated(hash, { memoryKib: 19_456, passes: 2 })).toBe(expected);
  });
});
