import { Problem } from '../../platform/problems/problem.js';

export class LocksOut extends Problem {
  constructor(address: string) {
    super('conflict', 'ip-rules.locks-out', `This would lock you out: you call from ${address}, which no rule would let in any more. Nothing was changed.`);
  }
}

export class TooManyIpRules extends Problem {
  constructor(most: number) {
    super('conflict', 'ip-rules.too-many', `There may be ${most} IP rules at most; join networks that lie side by side.`);
  }
}
