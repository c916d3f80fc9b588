import type { Violation } from '../problems/problem.js';
import { ValidationFailed } from '../problems/problems.js';

/**
 * Reads a body field by field for hot paths, where decorators would cost more than the work itself. Gathers every flaw
 * and throws them together in `done`.
 */
export class Fields {
  private violations?: Violation[];

  private constructor(
    private readonly plain: Record<string, unknown>,
    private readonly at: string,
  ) {}

  /** @param at where in the body the object lies, as a JSON pointer */
  static of(plain: unknown, known: readonly string[], at = ''): Fields {
    if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
      if (plain !== undefined) throw new ValidationFailed([{ pointer: at, code: 'object', detail: `${at === '' ? 'The body' : at.slice(1)} must be a JSON object.` }]);
      return new Fields({}, at);
    }
    const fields = new Fields(plain as Record<string, unknown>, at);
    for (const name in plain) if (!known.includes(name)) fields.add(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'unknown-field', `There is no field "${name}" here.`);
    return fields;
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.plain[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.add(`/${name}`, 'integer', `${name} must be a whole number from ${min} to ${max}.`);
    return undefined;
  }

  text(name: string, accepts: (value: string) => boolean, rule: string): string | undefined {
    const value = this.plain[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && accepts(value)) return value;
    this.add(`/${name}`, 'text', `${name} ${rule}.`);
    return undefined;
  }

  check(holds: boolean, pointer: string, code: string, detail: string): void {
    if (!holds) this.add(pointer, code, detail);
  }

  done(): void {
    if (this.violations) throw new ValidationFailed(this.violations);
  }

  private add(pointer: string, code: string, detail: string): void {
    (this.violations ??= []).push({ pointer: this.at + pointer, code, detail });
  }
}
