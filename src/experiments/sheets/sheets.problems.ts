import { Problem, type Violation } from '../../platform/problems/problem.js';

export class SheetTooWide extends Problem {
  constructor(cells: number) {
    super('too-large', 'experiments.sheet-too-large', `A sheet has ${cells} cells at most, empty ones included; leave out columns or cut it into several.`);
  }
}

/** The header names what the experiment does not have, or twice, or in another unit. */
export class SheetColumnsRefused extends Problem {
  constructor(violations: readonly Violation[]) {
    const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
    super('rule-broken', 'experiments.sheet-columns', `${violations[0]!.detail}${more}`, { violations: violations.slice(0, 20) });
  }
}

/** Nothing was written; the answer says what is wrong with which row. */
export class SheetRefused extends Problem {
  constructor(report: { readonly failed: number; readonly errors: readonly { readonly line: number; readonly detail: string }[] }) {
    const first = report.errors[0]!;
    super('rule-broken', 'experiments.sheet-refused', `Nothing was imported, because ${report.failed === 1 ? 'one row is' : `${report.failed} rows are`} not right. Line ${first.line}: ${first.detail}`, { extensions: { import: { ...report } } });
  }
}
