import { comparable } from '../../platform/http/text.js';
import type { Violation } from '../../platform/problems/problem.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import type { Response } from '../responses/response.entity.js';
import { SheetColumnsRefused } from './sheets.problems.js';

const FIXED = ['run', 'repeat', 'response', 'value', 'unit', 'status', 'note', 'standard order', 'block', 'point type'] as const;
export type FixedColumn = (typeof FIXED)[number];

/** Where things stand in a row. */
export interface SheetColumns {
  readonly fixed: ReadonlyMap<FixedColumn, number>;
  readonly parameters: readonly Placed<Parameter>[];
  /** What a parameter was really set to. */
  readonly actual: readonly Placed<Parameter>[];
  /** In the wide form a column each; in the long form a row names its response. */
  readonly responses: readonly Placed<Response>[];
}

interface Placed<T> {
  readonly index: number;
  readonly of: T;
}

type Part = Parameter | Response;
type Role = 'parameter' | 'actual' | 'response';
type Meaning = { readonly fixed: FixedColumn } | { readonly role: Role; readonly of: Part };

interface Experimental {
  readonly parameters: readonly Parameter[];
  readonly responses: readonly Response[];
}

/** `Temperature (°C)`, and with what it is in front where that alone would be taken for something else. */
export function columnName(role: Role, part: Part, all: Experimental): string {
  const full = `${part.name}${part.unit ? ` (${part.unit})` : ''}`;
  const forms = [full, `${role}: ${full}`, `${role}: ${part.name}`];
  const isUnderstood = (form: string): boolean => {
    const meaning = meaningOf(form, all);
    return 'role' in meaning && meaning.role === role && meaning.of.id === part.id;
  };
  return forms.find(isUnderstood) ?? forms[2]!;
}

/** What each column of a header means; refuses it with all that is wrong. */
export function columnsOf(header: readonly string[], all: Experimental): SheetColumns {
  const flaws: Violation[] = [];
  const refuse = (index: number, code: string, detail: string): void => void flaws.push({ pointer: `/${header[index]!.slice(0, 100)}`, code, detail });
  const meanings = header.map((text, index) => {
    const found = meaningOf(text, all);
    if ('code' in found) return void refuse(index, found.code, found.detail);
    return found;
  });
  refuseTwice(header, meanings, refuse);
  const columns = placed(meanings);
  if (flaws.length === 0) demandMeasured(columns, all, refuse);
  if (flaws.length > 0) throw new SheetColumnsRefused(flaws);
  return columns;
}

interface Flaw {
  readonly code: string;
  readonly detail: string;
}

function meaningOf(text: string, all: Experimental): Meaning | Flaw {
  const [, prefix, rest] = /^(parameter|actual|response): (.*)$/s.exec(text) ?? [];
  if (prefix) return partOf(rest!, text, all, prefix as Role);
  const fixed = FIXED.find((name) => name === comparable(text));
  // A parameter that is called run has to be written as `parameter: run`, but one that is called Run has not.
  const isOwn = text !== fixed && [...all.parameters, ...all.responses].some(({ name }) => name === text);
  return fixed && !isOwn ? { fixed } : partOf(text, text, all);
}

function partOf(text: string, header: string, { parameters, responses }: Experimental, role?: Role): Meaning | Flaw {
  const candidates = [
    ...(role === 'response' ? [] : parameters.map((of) => ({ role: role ?? ('parameter' as const), of }))),
    ...(role === undefined || role === 'response' ? responses.map((of) => ({ role: 'response' as const, of })) : []),
  ];
  const exact = candidates.filter(({ of }) => of.name === text);
  const found = exact.length > 0 ? exact : longest(candidates.filter(({ of }) => text.endsWith(')') && text.startsWith(`${of.name} (`)));
  if (found.length > 1) return ambiguous(header);
  if (found.length === 0) return { code: 'unknown-column', detail: unknown(header, candidates.map(({ of }) => of)) };
  const [meaning] = found;
  const unit = exact.length > 0 ? undefined : text.slice(meaning!.of.name.length + 2, -1);
  return unit === undefined ? meaning! : (unitFlaw(meaning!.of, unit) ?? meaning!);
}

/** Undefined where a unit is that of the parameter or response; the sign for degrees and that for micro have two code points each. */
export function unitFlaw({ name, unit }: Part, given: string): Flaw | undefined {
  const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');
  if (plain(given) === plain(unit ?? '')) return undefined;
  return { code: 'unit', detail: `The sheet gives ${name} in ${given || 'no unit'}, but the experiment ${unit ? `has it in ${unit}` : 'has no unit for it'}: convert the values and rename the column, or change the unit of ${name}.` };
}

function longest<T extends { readonly of: Part }>(found: readonly T[]): T[] {
  const length = Math.max(0, ...found.map(({ of }) => of.name.length));
  return found.filter(({ of }) => of.name.length === length);
}

function ambiguous(header: string): Flaw {
  return { code: 'ambiguous-column', detail: `The column ${JSON.stringify(header)} could mean several things; write "parameter: …" or "response: …" in front of the name.` };
}

function unknown(header: string, parts: readonly Part[]): string {
  const hint = /[;\t]/.test(header) ? ' Separate columns by commas.' : '';
  return `There is no parameter or response ${JSON.stringify(header.slice(0, 64))}; there are ${parts.slice(0, 20).map(({ name }) => name).join(', ') || 'none'}, and the columns ${FIXED.join(', ')}.${hint}`;
}

function refuseTwice(header: readonly string[], meanings: readonly (Meaning | undefined)[], refuse: (index: number, code: string, detail: string) => void): void {
  const seen = new Set<string>();
  for (const [index, meaning] of meanings.entries()) {
    if (!meaning) continue;
    const key = 'fixed' in meaning ? meaning.fixed : `${meaning.role}/${meaning.of.id}`;
    if (seen.has(key)) refuse(index, 'column-twice', `The column ${JSON.stringify(header[index])} stands there twice.`);
    seen.add(key);
  }
}

function placed(meanings: readonly (Meaning | undefined)[]): SheetColumns {
  const entries = [...meanings.entries()];
  const parts = <T extends Part>(role: Role): Placed<T>[] => entries.flatMap(([index, meaning]) => (meaning && 'role' in meaning && meaning.role === role ? [{ index, of: meaning.of as T }] : []));
  const fixed = new Map(entries.flatMap(([index, meaning]) => (meaning && 'fixed' in meaning ? [[meaning.fixed, index] as const] : [])));
  return { fixed, parameters: parts('parameter'), actual: parts('actual'), responses: parts('response') };
}

function demandMeasured({ fixed, parameters, responses }: SheetColumns, all: Experimental, refuse: (index: number, code: string, detail: string) => void): void {
  const isLong = fixed.has('response') && fixed.has('value');
  if (isLong && responses.length > 0) refuse(responses[0]!.index, 'two-forms', 'A sheet has either a column for each response, or the columns response and value.');
  if (!isLong && (fixed.has('response') || fixed.has('value') || fixed.has('unit'))) refuse(fixed.get('response') ?? fixed.get('value') ?? fixed.get('unit')!, 'long-form', 'The columns response and value belong together, and unit to them.');
  if (!isLong && responses.length === 0) refuse(0, 'no-response', `No column holds a response; there are ${all.responses.map(({ name }) => name).join(', ') || 'none in this experiment yet'}.`);
  if (fixed.has('run')) return;
  const missing = all.parameters.filter(({ id }) => !parameters.some(({ of }) => of.id === id));
  if (missing.length > 0 || all.parameters.length === 0) refuse(0, 'no-run', `Name the runs in a column run${missing.length > 0 ? `, or the settings of free observations in columns for all parameters; ${missing.slice(0, 10).map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing` : ''}.`);
}
