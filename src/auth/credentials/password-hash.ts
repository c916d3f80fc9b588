import { ValidationFailed } from '../../platform/problems/problems.js';

/** What a new hash costs: argon2id memory in KiB, passes; one lane. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
}

const ARGON2 = /^\$argon2(id|i|d)\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** Dearer hashes would let an import slow every sign-in down. */
const MOST = { memoryKib: 256 * 1024, passes: 20, lanes: 16, rounds: 15 };
const LEAST_ROUNDS = 4;

/** A hash of another system, checked: argon2 in PHC form or bcrypt, of a cost that this machine is asked to bear. */
export function importable(hash: string): string {
  const refuse = (code: string, detail: string): never => {
    throw new ValidationFailed([{ pointer: '/passwordHash', code, detail }]);
  };
  const [, , memory, passes, lanes] = ARGON2.exec(hash) ?? [];
  const [, rounds] = BCRYPT.exec(hash) ?? [];
  if (memory === undefined && rounds === undefined) refuse('unknown-hash', 'passwordHash must be an argon2 hash in PHC form ($argon2id$v=19$m=…) or a bcrypt hash ($2b$…).');
  const dear = memory !== undefined
    ? Number(memory) > MOST.memoryKib || Number(passes) > MOST.passes || Number(lanes) > MOST.lanes || Number(passes) < 1 || Number(memory) < 8 * Number(lanes)
    : Number(rounds) > MOST.rounds || Number(rounds) < LEAST_ROUNDS;
  if (dear) refuse('hash-cost', `passwordHash must not cost more than argon2 m=${MOST.memoryKib},t=${MOST.passes},p=${MOST.lanes} or bcrypt ${MOST.rounds}.`);
  return hash;
}

/** Whether a hash is of another kind than new ones, or cheaper. */
export function isOutdated(hash: string, { memoryKib, passes }: HashCost): boolean {
  const [, variant, memory, time] = ARGON2.exec(hash) ?? [];
  return variant !== 'id' || Number(memory) < memoryKib || Number(time) < passes;
}
