import { Compute } from '../src/experiments/computing/compute.js';
import { type FitInput, fitModel } from '../src/experiments/models/fit-model.js';
import { presetTerms, termText } from '../src/experiments/terms.js';
import { Settings } from '../src/platform/config/settings.js';

const FACTORS = Array.from({ length: 10 }, (_, n) => ({ name: `X${n}`, kind: 'continuous' as const, low: -1, high: 1 }));
const settingOf = (run: number, factor: number): number => Math.sin(run * 7.3 + factor * 1.7 + run * factor);

/** A full quadratic model: seconds of work with many runs, milliseconds with few. */
function fitOf(runs: number, factors = FACTORS.length): FitInput {
  const used = FACTORS.slice(0, factors);
  const rows = Array.from({ length: runs }, (_, run) => {
    const settings = used.map((_each, factor) => settingOf(run, factor));
    const value = settings[0]! + Math.cos(settings[0]! * 9);
    return { source: 'run' as const, runId: null, run: run + 1, ids: [], settings, values: [value], value, weight: 1 };
  });
  return {
    spec: { terms: presetTerms('quadratic', used).map(termText), preset: 'quadratic', units: 'coded', contrasts: 'treatment', transform: 'none', level: 0.95, selection: 'none', settings: 'actual', repeats: 'mean', literature: false, suspect: false, block: null },
    data: { response: { id: '', name: 'Y', unit: null }, factors: used, parameterIds: [], rows, leftOut: [] },
  };
}

describe('a computation on a thread of its own', () => {
  const compute = new Compute(Object.assign(new Settings(), { computeThreads: 1 }), new URL('../dist/experiments/computing/compute-worker.js', import.meta.url));
  afterAll(() => compute.onApplicationShutdown());

  it('answers what the same task answers here, and its problems as they are', async () => {
    const { figures } = await compute.run('fit', fitOf(20, 2));
    expect(figures).toEqual(fitModel(fitOf(20, 2)));
    await expect(compute.run('fit', fitOf(0, 2))).rejects.toMatchObject({ kind: 'rule-broken', code: expect.stringMatching(/^experiments\./) as string });
  });

  it('leaves the event loop free', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await compute.run('fit', fitOf(400));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('ends when its caller gives up or its time is over, and the next one runs', async () => {
    const caller = new AbortController();
    const given = compute.run('fit', fitOf(3000), { signal: caller.signal, onProgress: () => caller.abort(new Error('Enough')) });
    await expect(given).rejects.toThrow('Enough');
    await expect(compute.run('fit', fitOf(3000), { seconds: 0.05 })).rejects.toMatchObject({ code: 'experiments.compute-time-limit' });
    await expect(compute.run('fit', fitOf(20, 2))).resolves.toBeDefined();
  });

  it('refuses more than can wait', async () => {
    const caller = new AbortController();
    const all = Array.from({ length: 80 }, () => compute.run('fit', fitOf(3000), { signal: caller.signal }));
    const outcomes = Promise.allSettled(all);
    await expect(Promise.any(all.map(async (each) => expect(each).rejects.toMatchObject({ code: 'experiments.compute-busy', kind: 'unavailable' })))).resolves.toBeUndefined();
    caller.abort(new Error('Enough'));
    const reasons = (await outcomes).map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code?: string }).code : 'done'));
    expect(reasons.filter((code) => code === 'experiments.compute-busy').length).toBeGreaterThan(20);
    await expect(compute.run('fit', fitOf(20, 2))).resolves.toBeDefined();
  });
});
