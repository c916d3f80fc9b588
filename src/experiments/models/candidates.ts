import type { SettingsById } from '../named-settings.js';
import type { Result } from '../results/result.entity.js';
import type { SetRun } from '../runs/run-settings.js';
import type { LeftOut, LeftOutReason, ModelRow, ModelSpec } from './figures.js';
import type { ModelSources } from './model-sources.js';

/** A row that may join a fit; its settings by parameter id. */
export interface Candidate extends Pick<ModelRow, 'source' | 'runId' | 'run' | 'ids' | 'values' | 'weight'> {
  readonly settings: SettingsById;
  readonly block: number | null;
}

/** What there is of one response: runs that count, free observations, and published values where they are asked for. */
export function candidates({ runs, results, literature }: ModelSources, responseId: string, spec: ModelSpec): { found: Candidate[]; leftOut: LeftOut[] } {
  const own = results.filter((result) => result.responseId === responseId);
  const byRun = new Map<string, Result[]>();
  for (const result of own) if (result.runId !== null) byRun.set(result.runId, [...(byRun.get(result.runId) ?? []), result]);
  const judged = runs.map((one) => ({ one, results: byRun.get(one.run.id) ?? [], reason: reasonAgainst(one, byRun, spec) }));
  const published = literature.filter((entry) => entry.responseId === responseId);
  return {
    found: [
      ...judged.flatMap(({ one, results: measured, reason }) => (reason === null ? fromRun(one, measured, spec) : [])),
      ...own.flatMap((result) => (result.runId === null ? [observation(result)] : [])),
      ...(spec.literature ? published : []).map(({ id, settings, value, weight }): Candidate => ({ source: 'literature', runId: null, run: null, block: null, ids: [id], settings, values: [value], weight })),
    ],
    leftOut: [
      ...REASONS.flatMap((reason) => counted(reason, judged.filter((one) => one.reason === reason).map(({ one }) => one.run.number))),
      ...(spec.literature || published.length === 0 ? [] : [{ reason: 'literature' as const, count: published.length, runs: [] }]),
    ],
  };
}

const REASONS: readonly LeftOutReason[] = ['failed', 'abandoned', 'suspect', 'no-result'];

function reasonAgainst({ run }: SetRun, byRun: ReadonlyMap<string, Result[]>, { suspect }: ModelSpec): LeftOutReason | null {
  if (run.status === 'failed' || run.status === 'abandoned') return run.status;
  if (run.status === 'suspect' && !suspect) return 'suspect';
  return byRun.has(run.id) ? null : 'no-result';
}

function fromRun({ run, planned, actual }: SetRun, measured: readonly Result[], { settings, repeats }: ModelSpec): Candidate[] {
  const repeated = [...measured].sort((a, b) => a.repeat - b.repeat);
  const row = (group: readonly Result[]): Candidate => ({
    source: 'run',
    runId: run.id,
    run: run.number,
    block: run.block,
    settings: settings === 'actual' ? { ...planned, ...actual } : planned,
    ids: group.map(({ id }) => id),
    values: group.map(({ value }) => value),
    weight: 1,
  });
  return repeats === 'mean' ? [row(repeated)] : repeated.map((result) => row([result]));
}

function observation({ id, settings, value }: Result): Candidate {
  return { source: 'observation', runId: null, run: null, block: null, ids: [id], settings: settings ?? {}, values: [value], weight: 1 };
}

function counted(reason: LeftOutReason, runs: number[]): LeftOut[] {
  return runs.length === 0 ? [] : [{ reason, count: runs.length, runs }];
}
