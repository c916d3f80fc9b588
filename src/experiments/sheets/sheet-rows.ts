import { Problem } from '../../platform/problems/problem.js';
import type { Setting } from '../factors.js';
import { settingsById, type SettingsById } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import type { Response } from '../responses/response.entity.js';
import type { NewResult } from '../results/results.service.js';
import { type Run, RUN_STATUSES, type RunStatus } from '../runs/run.entity.js';
import type { SetRun } from '../runs/run-settings.js';
import { agree, numberIn, shown } from './cell-numbers.js';
import type { RowFlaw, SheetRow } from './sheet.js';
import { columnName, type FixedColumn, type SheetColumns, unitFlaw } from './sheet-columns.js';

/** What the rows of a sheet are held against. */
export interface Known {
  readonly parameters: readonly Parameter[];
  readonly responses: readonly Response[];
  readonly runs: ReadonlyMap<number, SetRun>;
  /** Current values by `placeKey`. */
  readonly values: ReadonlyMap<string, number>;
}

/** What a sheet says of a run beside its results. */
export interface RunNote {
  readonly actual: Record<string, Setting>;
  status?: RunStatus;
  note?: string;
}

const OUT_OF_ORDER: readonly RunStatus[] = ['failed', 'abandoned', 'suspect'];
const MOST_REPEATS = 1000;

export function placeKey(runId: string, responseId: string, repeat: number): string {
  return `${runId}/${responseId}/${repeat}`;
}

/** Reads rows one by one: what is to be written, and what is wrong with which. */
export class SheetRows {
  readonly results: NewResult[] = [];
  readonly notes = new Map<Run, RunNote>();
  readonly counts = { rows: 0, observations: 0, unchanged: 0, empty: 0, failed: 0 };
  private readonly lines = new Map<string, number>();
  private flaws: RowFlaw[] = [];
  private line = 0;

  constructor(
    private readonly columns: SheetColumns,
    private readonly known: Known,
  ) {}

  /** Answers what is wrong with it; then nothing of it is taken. */
  read({ line, cells, flaw }: SheetRow): readonly RowFlaw[] {
    [this.line, this.flaws] = [line, []];
    this.counts.rows += 1;
    if (flaw) this.flaws.push(flaw);
    else this.take(cells);
    if (this.flaws.length > 0) this.counts.failed += 1;
    return this.flaws;
  }

  private take(cells: readonly string[]): void {
    const numbered = this.fixed(cells, 'run');
    const run = numbered === '' ? undefined : this.runOf(numbered);
    const repeat = this.repeatOf(this.fixed(cells, 'repeat'));
    const measured = this.measured(cells);
    const isNoted = run !== undefined && this.takeNote(run, cells);
    if (this.flaws.length > 0) return;
    if (measured.length === 0) this.counts.empty += isNoted ? 0 : 1;
    else if (run) this.takeOfRun(run, measured, repeat);
    else this.takeObservation(cells, measured, repeat);
  }

  private takeOfRun({ run }: SetRun, measured: readonly Measured[], repeat: number): void {
    for (const { response, value } of measured) {
      const key = placeKey(run.id, response.id, repeat);
      const [line, present] = [this.lines.get(key), this.known.values.get(key)];
      this.lines.set(key, this.line);
      if (line !== undefined) this.refuse(response.name, 'repeated', `Run ${run.number} has a value of ${response.name} in line ${line} already; leave one out, or number them in a column repeat.`);
      else if (present === undefined) this.results.push({ run: run.id, response: response.id, value, repeat });
      else if (agree(present, value)) this.counts.unchanged += 1;
      else this.refuse(response.name, 'measured-before', `Run ${run.number} has the value ${present} of ${response.name} already; correct that one with a reason, or give this one another repeat number.`);
    }
  }

  /** Replicates of a free observation may agree in everything. */
  private takeObservation(cells: readonly string[], measured: readonly Measured[], repeat: number): void {
    if (this.columns.fixed.has('run') && this.columns.parameters.length === 0) return this.refuse('run', 'run', 'The row names no run.');
    const settings = Object.fromEntries(this.columns.parameters.filter(({ index }) => cells[index] !== '').map(({ of, index }) => [of.id, this.settingIn(of, cells[index]!)]));
    if (this.flaws.length > 0) return;
    const whole = this.wholeSettings(settings);
    if (!whole) return;
    for (const { response, value } of measured) this.results.push({ settings: whole, response: response.id, value, repeat });
    this.counts.observations += 1;
  }

  /** What stands beside the results of a run: its plan, which must be that of the experiment, and how it really was. */
  private takeNote(set: SetRun, cells: readonly string[]): boolean {
    this.comparePlan(set, cells);
    const note: RunNote = { actual: {} };
    for (const { of, index } of this.columns.actual) if (cells[index] !== '') note.actual[of.id] = this.settingIn(of, cells[index]!);
    if (this.flaws.length === 0 && Object.keys(note.actual).length > 0) this.wholeSettings({ ...set.planned, ...set.actual, ...note.actual });
    this.readStatus(set.run, cells, note);
    if (Object.keys(note.actual).length === 0 && note.status === undefined) return false;
    const before = this.notes.get(set.run);
    if (before && JSON.stringify(before) !== JSON.stringify(note)) this.refuse('', 'contradiction', `Another row says otherwise of how run ${set.run.number} really was; write the same into all rows of a run.`);
    this.notes.set(set.run, note);
    return true;
  }

  private comparePlan({ run, planned }: SetRun, cells: readonly string[]): void {
    for (const { of, index } of this.columns.parameters) {
      const plan = planned[of.id];
      if (cells[index] === '' || plan === undefined) continue;
      const given = this.settingIn(of, cells[index]!);
      const isSame = typeof given === 'number' && typeof plan === 'number' ? agree(given, plan) : given === plan;
      if (!isSame && this.flaws.length === 0) this.refuse(of.name, 'plan', `Run ${run.number} is planned with ${of.name} at ${plan}, not at ${given}; write what was really set into the column ${JSON.stringify(columnName('actual', of, this.known))}.`);
    }
  }

  private readStatus(run: Run, cells: readonly string[], into: RunNote): void {
    const status = this.fixed(cells, 'status');
    if (status === '') return;
    if (!(RUN_STATUSES as readonly string[]).includes(status)) return this.refuse('status', 'status', `${shown(status)} is no status of a run; there are ${RUN_STATUSES.join(', ')}.`);
    const note = this.fixed(cells, 'note');
    if (!OUT_OF_ORDER.includes(status as RunStatus) || (run.status === status && (note === '' || note === run.note))) return;
    if (note === '' && !run.note) return this.refuse('note', 'note', `Say in the column note why run ${run.number} is ${status}.`);
    if (note.length > 500) return this.refuse('note', 'note', 'A note has 500 characters at most.');
    into.status = status as RunStatus;
    if (note !== '') into.note = note;
  }

  private measured(cells: readonly string[]): Measured[] {
    const wide = this.columns.responses.map(({ of, index }) => ({ response: of, cell: cells[index]! }));
    const given = this.columns.fixed.has('value') ? this.long(cells) : wide;
    return given.flatMap(({ response, cell }) => {
      if (cell === '') return [];
      const value = numberIn(cell);
      if (typeof value === 'number') return [{ response, value }];
      this.refuse(response.name, value.code, value.detail);
      return [];
    });
  }

  private long(cells: readonly string[]): { response: Response; cell: string }[] {
    const [name, cell, unit] = [this.fixed(cells, 'response'), this.fixed(cells, 'value'), this.fixed(cells, 'unit')];
    if (cell === '') return [];
    const response = this.known.responses.find((each) => each.name === name);
    const flaw = response && unit !== '' ? unitFlaw(response, unit) : undefined;
    if (flaw) this.refuse('unit', flaw.code, flaw.detail);
    if (response) return [{ response, cell }];
    this.refuse('response', 'response', `${shown(name)} is no response of this experiment; there are ${this.known.responses.map((each) => each.name).join(', ') || 'none'}.`);
    return [];
  }

  private runOf(text: string): SetRun | undefined {
    const run = /^\d{1,9}$/.test(text) ? this.known.runs.get(Number(text)) : undefined;
    if (!run) this.refuse('run', 'run', /^\d+$/.test(text) ? `There is no run ${text} in this experiment.` : `${shown(text)} is not the number of a run.`);
    return run;
  }

  private repeatOf(text: string): number {
    const repeat = text === '' ? 1 : /^\d{1,4}$/.test(text) ? Number(text) : NaN;
    if (!(repeat >= 1 && repeat <= MOST_REPEATS)) this.refuse('repeat', 'repeat', `${shown(text)} is no repeat; it is a whole number from 1 to ${MOST_REPEATS}.`);
    return repeat;
  }

  private settingIn(parameter: Parameter, cell: string): Setting {
    if (parameter.kind === 'categorical') return cell;
    const value = numberIn(cell);
    if (typeof value === 'number') return value;
    this.refuse(parameter.name, value.code, value.detail);
    return NaN;
  }

  private wholeSettings(settings: SettingsById): Record<string, Setting> | undefined {
    try {
      return settingsById(this.known.parameters, settings);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.refuse('', error.code.replace(/^experiments\./, ''), error.detail);
      return undefined;
    }
  }

  private fixed(cells: readonly string[], column: FixedColumn): string {
    const index = this.columns.fixed.get(column);
    return index === undefined ? '' : cells[index]!;
  }

  private refuse(column: string, code: string, detail: string): void {
    this.flaws.push({ line: this.line, column, code, detail });
  }
}

interface Measured {
  readonly response: Response;
  readonly value: number;
}
