import type { ModelFigures } from '../src/experiments/models/figures.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type SignedInCaller } from './support/api.js';
import { suggested } from './support/designs.js';
import { doeCase } from './support/doe-digits.js';

interface Row {
  id: string;
}

interface Fitted extends Row {
  dataHash: string;
  isCurrent: boolean;
  headline: { rows: number };
  data: { rows: { run: number | null; settings: (number | string)[]; values: number[]; value: number; weight: number }[]; leftOut: { reason: string; count: number; runs: number[] }[] };
  figures: ModelFigures;
}

interface Predicted extends Row {
  label: string | null;
  settings: Record<string, number | string>;
  mean: number | null;
  meanIs: string;
  confidence: { lower: number; upper: number } | null;
  prediction: { lower: number; upper: number } | null;
}

interface Reference {
  data: { rows: [number, number, string, number][] };
  analyses: { id: string; expected: ModelFigures['summary'] & { coefficients: { term: string; estimate: number; standardError: number; p: number; ci95: [number, number] }[]; canonical: { predictedAtStationaryPoint: number; stationaryPointNatural: Record<string, number>; eigenvalues: number[]; nature: string }; lackOfFit: ModelFigures['lackOfFit']; diagnostics: { cooksD: number; studentized: number }[]; anovaSequential: { source: string; ss: number }[]; predictions: { at: { Time: number; Temp: number; Block: string }; mean: number; seMean: number; leverage: number; ci95: [number, number]; pi95: [number, number] }[] } }[];
}

/** The yield of a chemical reaction in two blocks: Myers, Montgomery and Anderson-Cook, with the figures that R gives. */
const reaction = doeCase<Reference>('rsm-chemreact-ccd');
const published = reaction.analyses.find(({ id }) => id === 'second-order')!.expected;

describe('the models of an experiment', () => {
  let api: Api;
  let owner: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    owner = await api.signedIn();
  });
  afterAll(() => api.close());

  const made = async (path: string, body: object, by = owner): Promise<Row> => (await by.post(`/experiments${path}`, body).expect(201)).body as Row;

  async function begun(parameters: readonly object[], responses: readonly object[] = [{ name: 'Yield', unit: '%', goal: 'maximise' }], by = owner): Promise<string> {
    const { id } = await made('', { title: 'Reaction' }, by);
    for (const parameter of parameters) await made(`/${id}/parameters`, parameter, by);
    for (const response of responses) await made(`/${id}/responses`, response, by);
    return id;
  }

  const TIME = { name: 'Time', kind: 'continuous', low: 80, high: 90, unit: 'min' };
  const TEMP = { name: 'Temp', kind: 'continuous', low: 170, high: 180, unit: '°F' };

  /** With the published runs and results. */
  async function reacted(by = owner): Promise<string> {
    const id = await begun([TIME, TEMP], undefined, by);
    const { rows } = reaction.data;
    await made(`/${id}/runs/bulk`, { items: rows.map(([Time, Temp, block]) => ({ settings: { Time, Temp }, block: Number(block.slice(1)) })) }, by);
    await made(`/${id}/results/bulk`, { items: rows.map(([, , , value], index) => ({ run: index + 1, response: 'Yield', value })) }, by);
    return id;
  }

  /** With one factor from 0 to 10, of which runs and their results are given. */
  async function line(points: readonly (readonly [x: number, y: number])[]): Promise<string> {
    const id = await begun([{ name: 'X', kind: 'continuous', low: 0, high: 10 }]);
    await made(`/${id}/runs/bulk`, { items: points.map(([X]) => ({ settings: { X } })) });
    await made(`/${id}/results/bulk`, { items: points.map(([, value], index) => ({ run: index + 1, response: 'Yield', value })) });
    return id;
  }

  const fit = async (id: string, body: object = {}): Promise<Fitted> => (await owner.post(`/experiments/${id}/models`, { response: 'Yield', preset: 'linear', ...body }).expect(201)).body as Fitted;
  const again = async (id: string, model: string): Promise<Fitted> => (await owner.get(`/experiments/${id}/models/${model}`).expect(200)).body as Fitted;
  const estimate = ({ figures }: Fitted, term: string): number => figures.coefficients.find((one) => one.term === term)!.estimate;
  const digits = (value: number): unknown => expect.closeTo(value, 9 - Math.ceil(Math.log10(Math.abs(value)))) as unknown;

  it('give the figures that were published, and keep them', async () => {
    const id = await reacted();
    const model = await fit(id, { preset: 'quadratic', blocks: true });
    const { figures } = model;
    const renamed = (term: string): string => term.replaceAll('x1', 'Time').replaceAll('x2', 'Temp').replace('[B2]', '[2]');
    expect(figures.coefficients).toEqual(published.coefficients.map(({ term, estimate: b, standardError, p, ci95: [lower, upper] }) => expect.objectContaining({
      term: renamed(term), estimate: digits(b), standardError: digits(standardError), p: digits(p), lower: digits(lower), upper: digits(upper),
    }) as unknown));
    expect(figures.summary).toMatchObject({ n: 14, r2: digits(published.r2!), adjR2: digits(published.adjR2!), press: digits(published.press!), predR2: digits(published.predR2!), aicc: digits(published.aicc!), residual: { df: 7, sd: digits(published.residual.sd!) } });
    expect(figures.summary.certifiedDigits).toBeGreaterThan(11);
    expect(figures.lackOfFit).toMatchObject({ f: digits(published.lackOfFit!.f!), p: digits(published.lackOfFit!.p!) });
    expect(figures.anova.sequential[0]).toMatchObject({ source: 'Block', ss: digits(published.anovaSequential[0]!.ss) });
    expect(figures.diagnostics.map(({ run, cooksD, studentized }) => ({ run, cooksD, studentized }))).toMatchObject(published.diagnostics.map(({ cooksD, studentized }, row) => ({ run: row + 1, cooksD: digits(cooksD), studentized: digits(studentized) })));
    const { stationaryPointNatural, eigenvalues, nature } = published.canonical;
    expect(figures.surface!.canonical).toMatchObject({ nature, eigenvalues: eigenvalues.map(digits), stationaryPointNatural: { Time: expect.closeTo(stationaryPointNatural['Time']!, 5) as number, Temp: expect.closeTo(stationaryPointNatural['Temp']!, 5) as number } });
    expect(await again(id, model.id)).toEqual(model);
  });

  it('are listed last first, tell whether their data has changed since, and are removed', async () => {
    const id = await line([[0, 1], [5, 2], [10, 4]]);
    const first = await fit(id, { label: 'First' });
    const second = await fit(id, { preset: 'quadratic' });
    expect((await owner.get(`/experiments/${id}/models`).expect(200)).body).toMatchObject({ data: [{ id: second.id, response: 'Yield' }, { id: first.id, label: 'First', headline: { rows: 3, terms: ['1', 'X'], residualDf: 1 } }] });
    await owner.patch(`/experiments/${id}`, { title: 'Another' }).expect(200);
    const { data: [parameter] } = (await owner.get(`/experiments/${id}/parameters`)).body as { data: Row[] };
    await owner.patch(`/experiments/${id}/parameters/${parameter!.id}`, { name: 'Dose' }).expect(200);
    expect((await again(id, first.id)).isCurrent).toBe(true);
    await made(`/${id}/results`, { settings: { Dose: 7 }, response: 'Yield', value: 3 });
    expect((await again(id, first.id)).isCurrent).toBe(false);
    await owner.delete(`/experiments/${id}/models/${second.id}`).expect(200);
    await owner.get(`/experiments/${id}/models/${second.id}`).expect(404);
  });

  it('rest on corrected values, and on settings as they were unless planned ones are asked for', async () => {
    const id = await line([[0, 0], [5, 5], [10, 100]]);
    const { body } = await owner.get(`/experiments/${id}/results`).expect(200);
    await made(`/${id}/results/${(body as { data: Row[] }).data[2]!.id}/correct`, { value: 10, reason: 'A zero too many' });
    const corrected = await fit(id, { units: 'natural' });
    expect(estimate(corrected, 'X')).toBeCloseTo(1, 12);
    const { body: runs } = await owner.get(`/experiments/${id}/runs`).expect(200);
    await owner.patch(`/experiments/${id}/runs/${(runs as { data: Row[] }).data[2]!.id}`, { actual: { X: 20 } }).expect(200);
    expect(estimate(await fit(id, { units: 'natural' }), 'X')).toBeCloseTo(6 / 13, 12);
    expect((await fit(id, { units: 'natural' })).data.rows[2]!.settings).toEqual([20]);
    expect(estimate(await fit(id, { units: 'natural', settings: 'planned' }), 'X')).toBeCloseTo(1, 12);
    expect((await again(id, corrected.id)).isCurrent).toBe(false);
  });

  it('leave out runs that failed or were abandoned, those that are suspect unless they are asked for, and say so', async () => {
    const id = await line([[0, 1], [2, 3], [4, 4], [6, 70], [8, 90], [10, 11]]);
    await made(`/${id}/runs`, { settings: { X: 3 } });
    const { body } = await owner.get(`/experiments/${id}/runs`).expect(200);
    const runs = (body as { data: Row[] }).data;
    for (const [index, status] of [[3, 'failed'], [4, 'abandoned'], [5, 'suspect']] as const) await owner.patch(`/experiments/${id}/runs/${runs[index]!.id}`, { status, note: 'The pump stood still' }).expect(200);
    const { data } = await fit(id);
    expect(data.rows.map(({ run }) => run)).toEqual([1, 2, 3]);
    expect(data.leftOut).toEqual([{ reason: 'failed', count: 1, runs: [4] }, { reason: 'abandoned', count: 1, runs: [5] }, { reason: 'suspect', count: 1, runs: [6] }, { reason: 'no-result', count: 1, runs: [7] }]);
    expect((await fit(id, { suspect: true })).data.rows.map(({ run }) => run)).toEqual([1, 2, 3, 6]);
  });

  it('average the repeats of a run, which are no replicates; separate, each counts as a run', async () => {
    const id = await line([[0, 1], [0, 2], [5, 4], [10, 6]]);
    await made(`/${id}/results`, { run: 3, repeat: 2, response: 'Yield', value: 6 });
    const mean = await fit(id);
    expect(mean.data.rows[2]).toMatchObject({ run: 3, value: 5, values: [4, 6] });
    expect(mean.figures.lackOfFit!.pureError).toMatchObject({ df: 1, ss: 0.5 });
    expect(mean.figures.repeatability).toMatchObject({ df: 1, variance: 2 });
    const separate = await fit(id, { repeats: 'separate' });
    expect(separate.headline.rows).toBe(5);
    expect(separate.figures.lackOfFit!.pureError).toMatchObject({ df: 2, ss: 2.5 });
  });

  it('let published values join with their weight, and free observations with their settings', async () => {
    const id = await line([[0, 0], [10, 10]]);
    await made(`/${id}/results`, { settings: { X: 5 }, response: 'Yield', value: 5 });
    await made(`/${id}/literature-data`, { source: 'A paper', response: 'Yield', settings: { X: 5 }, value: 9, weight: 0.25 });
    const own = await fit(id);
    expect(own.data.leftOut).toEqual([{ reason: 'literature', count: 1, runs: [] }]);
    expect(estimate(own, '1')).toBeCloseTo(5, 12);
    const joined = await fit(id, { literature: true });
    expect(joined.data.rows.map(({ weight }) => weight)).toEqual([1, 1, 1, 0.25]);
    expect(estimate(joined, '1')).toBeCloseTo((15 + 0.25 * 9) / 3.25, 12);
  });

  it('of too little data say what can be told and what cannot, without NaN', async () => {
    const parameters = ['A', 'B', 'C'].map((name) => ({ name, kind: 'continuous', low: -1, high: 1 }));
    const id = await begun(parameters);
    const runs = [[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]].map(([A, B, C]) => ({ settings: { A, B, C } }));
    await made(`/${id}/runs/bulk`, { items: runs });
    await made(`/${id}/results/bulk`, { items: [3, 5, 4, 9].map((value, index) => ({ run: index + 1, response: 'Yield', value })) });
    const { figures } = await fit(id, { preset: 'interactions' });
    expect(figures.aliases).toContainEqual({ term: 'A:B', alias: 'A:B = C' });
    expect(figures.coefficients.map(({ estimate: b, p }) => ({ b, p }))).toMatchObject([{ b: 5.25, p: null }, { b: 1.75, p: null }, { b: 1.25, p: null }, { b: 0.75, p: null }]);
    expect(figures.effects!.lenth).toMatchObject({ m: 3 });
    expect(figures.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['aliased', 'saturated']));
    // JSON has no NaN: it would have become null where a figure is never null.
    expect(figures.diagnostics.every(({ fitted, residual, leverage }) => [fitted, residual, leverage].every(Number.isFinite))).toBe(true);
  });

  it('choose their terms where asked to, and fit a transformed response', async () => {
    const id = await reacted();
    const { figures } = await fit(id, { preset: 'quadratic', blocks: true, selection: 'backward' });
    expect(figures.selection).toMatchObject({ method: 'backward', steps: [{ action: 'start' }, { action: 'remove', term: 'Time:Temp' }] });
    expect(figures.terms).toEqual(['1', 'Block', 'Time', 'Temp', 'Time^2', 'Temp^2']);
    const logs = await fit(id, { preset: undefined, terms: ['1'], transform: 'ln' });
    const values = reaction.data.rows.map(([, , , value]) => Math.log(value));
    expect(estimate(logs, '1')).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12);
  });

  it.each([
    [{ response: 'Mass', preset: 'linear' }, 'experiments.fit-response'],
    [{ response: 'Other', preset: 'linear' }, 'experiments.fit-no-results'],
    [{ response: 'Single', preset: 'linear' }, 'experiments.fit-too-few-results'],
    [{ response: 'Yield' }, 'experiments.fit-terms'],
    [{ response: 'Yield', preset: 'linear', terms: ['1'] }, 'experiments.fit-terms'],
    [{ response: 'Yield', terms: ['1', 'Y'] }, 'experiments.term-unknown-factor'],
    [{ response: 'Yield', terms: ['1', 'X', 'X'] }, 'experiments.term-repeated'],
    [{ response: 'Yield', terms: ['X^-1'] }, 'experiments.term-power'],
    [{ response: 'Yield', preset: 'scheffe-linear' }, 'experiments.term-preset'],
    [{ response: 'Yield', preset: 'linear', transform: 'ln' }, 'experiments.fit-transform'],
    [{ response: 'Yield', preset: 'linear', blocks: true }, 'experiments.fit-blocks'],
    [{ response: 'Yield', terms: ['1', 'X', 'X^2', 'X^3'], selection: 'backward' }, 'experiments.analysis-too-few-runs'],
    [{ response: 'Yield', preset: 'linear', level: 'high' }, 'validation.failed'],
    [{ response: 'Yield', preset: 'linear', level: 1 }, 'validation.failed'],
    [{ response: 'Yield', preset: 'cubic' }, 'validation.failed'],
  ])('refuse what cannot be fitted, and keep nothing: %j', async (body, code) => {
    const id = await line([[0, -1], [5, 2], [10, 4]]);
    await made(`/${id}/responses`, { name: 'Other' });
    await made(`/${id}/responses`, { name: 'Single' });
    await made(`/${id}/results`, { run: 1, response: 'Single', value: 1 });
    const { body: answer, status } = await owner.post(`/experiments/${id}/models`, body);
    expect(answer).toMatchObject({ code });
    expect([400, 422]).toContain(status);
    expect((await owner.get(`/experiments/${id}/models`).expect(200)).body).toMatchObject({ data: [] });
  });

  it('do not exist for strangers, and are not made by viewers', async () => {
    const id = await line([[0, 1], [5, 2], [10, 4]]);
    const model = await fit(id);
    const [stranger, viewer] = [await api.signedIn(), await api.signedIn()];
    await made(`/${id}/shares`, { username: viewer.user.username, role: 'viewer' });
    await viewer.get(`/experiments/${id}/models/${model.id}`).expect(200);
    for (const [caller, status] of [[viewer, 403], [stranger, 404]] as const) {
      await caller.post(`/experiments/${id}/models`, { response: 'Yield', preset: 'linear' }).expect(status);
      await caller.delete(`/experiments/${id}/models/${model.id}`).expect(status);
    }
    await stranger.get(`/experiments/${id}/models`).expect(404);
    const other = await begun([TIME], undefined, stranger);
    await stranger.get(`/experiments/${other}/models/${model.id}`).expect(404);
    await owner.get(`/experiments/${id}/models/${newId()}`).expect(404);
  });

  it('hold what they rest on: neither its removal nor an older version takes it away', async () => {
    const id = await begun([TIME], []);
    const then = ((await owner.get(`/experiments/${id}`)).body as { version: number }).version;
    const parameter = await made(`/${id}/parameters`, TEMP);
    const response = await made(`/${id}/responses`, { name: 'Yield' });
    const entries = await Promise.all([[80, 170, 1], [90, 175, 2], [85, 180, 4]].map(([Time, Temp, value]) => made(`/${id}/literature-data`, { source: 'A paper', response: 'Yield', settings: { Time, Temp }, value })));
    const model = await fit(id, { literature: true });
    for (const entry of entries) await owner.delete(`/experiments/${id}/literature-data/${entry.id}`).expect(200);
    for (const path of [`parameters/${parameter.id}`, `responses/${response.id}`]) expect((await owner.delete(`/experiments/${id}/${path}`).expect(409)).body).toMatchObject({ code: 'experiments.in-use', usedBy: { models: 1 } });
    await expect(api.db.query(`DELETE FROM experiment_responses WHERE id = '${response.id}'`)).rejects.toThrow();
    const { body } = await owner.post(`/experiments/${id}/versions/${then}/restore`, {}).expect(200);
    expect((body as { kept: object[] }).kept).toEqual(expect.arrayContaining([{ kind: 'parameter', key: parameter.id }, { kind: 'response', key: response.id }]));
    expect(await again(id, model.id)).toMatchObject({ isCurrent: false, figures: model.figures });
    await owner.delete(`/experiments/${id}`).expect(200);
  });

  describe('predict', () => {
    const predict = async (id: string, model: Row, ...points: object[]): Promise<Predicted[]> => ((await owner.post(`/experiments/${id}/models/${model.id}/predictions`, { points }).expect(201)).body as { data: Predicted[] }).data;

    it('what was published, with intervals, mark what lies beyond the runs, and keep it', async () => {
      const id = await reacted();
      const model = await fit(id, { preset: 'quadratic', blocks: true });
      const predictions = await predict(id, model, ...published.predictions.map(({ at: { Block, ...settings } }, index) => ({ settings, block: Number(Block.slice(1)), label: `Point ${index}` })));
      expect(predictions).toMatchObject(published.predictions.map(({ at: { Time, Temp, Block }, mean, seMean, leverage, ci95: [lower, upper], pi95: [from, to] }, index) => ({
        label: `Point ${index}`, settings: { Time, Temp }, block: Block.slice(1), mean: digits(mean), meanIs: 'mean', standardError: digits(seMean), leverage: digits(leverage), extrapolated: leverage > 1,
        confidence: { lower: digits(lower), upper: digits(upper) }, prediction: { lower: digits(from), upper: digits(to) },
      })));
      expect((await owner.get(`/experiments/${id}/models/${model.id}/predictions`).expect(200)).body).toMatchObject({ data: predictions });
      expect((await owner.get(`/experiments/${id}/predictions/${predictions[1]!.id}`).expect(200)).body).toEqual(predictions[1]);
    });

    it('medians where the response was transformed, and nothing where an interval or a term has no meaning', async () => {
      const id = await line([[0, 1], [2, 2], [4, 5], [6, 7], [8, 17], [10, 30]]);
      const [logs, plain, inverse] = [await fit(id, { transform: 'ln' }), await fit(id), await fit(id, { transform: 'inverse' })];
      const [median] = await predict(id, logs, { settings: { X: 10 } });
      const figures = logs.figures;
      expect(median).toMatchObject({ meanIs: 'median', mean: digits(Math.exp(figures.coefficients[0]!.estimate + figures.coefficients[1]!.estimate)) });
      expect(median!.prediction!.lower * median!.prediction!.upper).toBeCloseTo(median!.mean! ** 2, 8);
      expect((await predict(id, plain, { settings: { X: 10 } }))[0]!.meanIs).toBe('mean');
      expect((await predict(id, inverse, { settings: { X: 10 } }))[0]).toMatchObject({ prediction: null });
      const constant = await line([[5, 1], [5, 2]]);
      const [there, elsewhere] = await predict(constant, await fit(constant), { settings: { X: 5 } }, { settings: { X: 6 } });
      expect([there!.mean, elsewhere!.mean]).toEqual([1.5, null]);
    });

    it.each([
      [{ points: [{ settings: {} }] }, 'experiments.setting-missing'],
      [{ points: [{ settings: { X: 1, Y: 2 } }] }, 'experiments.setting-unknown'],
      [{ points: [{ settings: { X: 'much' } }] }, 'experiments.setting-not-a-number'],
      [{ points: [{ settings: { X: 1e308 } }] }, 'experiments.setting-not-finite'],
      [{ points: [{ settings: { X: 1 }, block: 1 }] }, 'experiments.fit-blocks'],
      [{ points: [] }, 'validation.failed'],
      [{ points: Array.from({ length: 1001 }, () => ({ settings: { X: 1 } })) }, 'validation.failed'],
    ])('nothing at points that are none, and keep nothing: %j', async (body, code) => {
      const id = await line([[0, 1], [5, 2], [10, 4]]);
      const model = await fit(id);
      expect((await owner.post(`/experiments/${id}/models/${model.id}/predictions`, body)).body).toMatchObject({ code });
      expect((await owner.get(`/experiments/${id}/models/${model.id}/predictions`).expect(200)).body).toMatchObject({ data: [] });
    });

    it('and are judged by what is measured then: corrections count, other points do not', async () => {
      const id = await line([[0, 1], [2, 2], [4, 5], [6, 7], [8, 9]]);
      const model = await fit(id);
      const [ten, five] = await predict(id, model, { settings: { X: 10 } }, { settings: { X: 5 } }) as [Predicted, Predicted];
      const path = `/experiments/${id}/predictions/${ten.id}/feedback`;
      expect((await owner.get(`/experiments/${id}/models/${model.id}/calibration`).expect(200)).body).toEqual({ level: 0.95, outcomes: 0, bias: null, mae: null, rmse: null, coverage: null, scale: 'none', intervals: null });
      const wrong = await made(`/${id}/results`, { settings: { X: 10 }, response: 'Yield', value: 110 });
      const other = await made(`/${id}/results`, { settings: { X: 9 }, response: 'Yield', value: 10 });
      await owner.post(path, { result: wrong.id, rating: 2, comment: 'Too high?' }).expect(201);
      expect((await owner.get(path).expect(200)).body).toMatchObject({ data: [{ measured: 110, isWithin: false, rating: 2, comment: 'Too high?' }] });
      await made(`/${id}/results/${wrong.id}/correct`, { value: 11, reason: 'A digit twice' });
      expect((await owner.get(path).expect(200)).body).toMatchObject({ data: [{ measured: 11, error: digits(11 - ten.mean!), isWithin: true }] });
      for (const [body, code] of [[{ result: other.id }, 'settings'], [{ result: newId() }, 'result'], [{ value: 1, result: wrong.id }, 'twice'], [{}, 'empty'], [{ result: wrong.id }, 'given']] as const) {
        expect((await owner.post(path, body)).body).toMatchObject({ code: `experiments.feedback-${code}` });
      }
      await owner.post(`/experiments/${id}/predictions/${five.id}/feedback`, { value: 50 }).expect(201);
      await owner.post(`/experiments/${id}/predictions/${five.id}/feedback`, { comment: 'Looks right' }).expect(201);
      const [first, second] = [11 - ten.mean!, 50 - five.mean!];
      expect((await owner.get(`/experiments/${id}/models/${model.id}/calibration`).expect(200)).body).toMatchObject({ outcomes: 2, coverage: 0.5, bias: digits((first + second) / 2), rmse: digits(Math.hypot(first, second) / Math.SQRT2), intervals: { n: 2 } });
      expect((await owner.delete(`/experiments/${id}/models/${model.id}`).expect(409)).body).toMatchObject({ code: 'experiments.in-use', usedBy: { feedback: 3 } });
    });

    it('for those alone who may see the experiment; viewers keep nothing; and go with their model', async () => {
      const id = await line([[0, 1], [5, 2], [10, 4]]);
      const model = await fit(id);
      const [prediction] = await predict(id, model, { settings: { X: 3 } }) as [Predicted];
      const [stranger, viewer] = [await api.signedIn(), await api.signedIn()];
      await made(`/${id}/shares`, { username: viewer.user.username, role: 'viewer' });
      const [points, feedback] = [`/experiments/${id}/models/${model.id}/predictions`, `/experiments/${id}/predictions/${prediction.id}/feedback`];
      for (const [caller, reads, writes] of [[viewer, 200, 403], [stranger, 404, 404]] as const) {
        for (const path of [points, feedback, `/experiments/${id}/models/${model.id}/calibration`]) await caller.get(path).expect(reads);
        await caller.post(points, { points: [{ settings: { X: 1 } }] }).expect(writes);
        await caller.post(feedback, { value: 1 }).expect(writes);
      }
      await owner.delete(`/experiments/${id}/models/${model.id}`).expect(200);
      await owner.get(`/experiments/${id}/predictions/${prediction.id}`).expect(404);
    });
  });

  describe('have an optimum', () => {
    it('of one response by its goal, within the region, with the stationary point and the way to it', async () => {
      const id = await reacted();
      const model = await fit(id, { preset: 'quadratic', blocks: true });
      const path = `/experiments/${id}/models/${model.id}/optimum`;
      const { body } = await owner.get(path).expect(200);
      const { Time, Temp } = published.canonical.stationaryPointNatural as { Time: number; Temp: number };
      const near = { Time: expect.closeTo(Time, 3) as number, Temp: expect.closeTo(Temp, 3) as number };
      expect(body).toMatchObject({ goal: 'maximise', settings: near, atBound: [], stationaryPoint: { nature: 'maximum', settings: near }, responses: [{ response: 'Yield', mean: expect.closeTo(published.canonical.predictedAtStationaryPoint, 6) as number, prediction: { lower: expect.any(Number) as number } }] });
      const ridge = (body as { ridge: { radius: number; predicted: number }[] }).ridge;
      expect(ridge[0]).toMatchObject({ radius: 0, predicted: digits(published.coefficients[0]!.estimate) });
      expect((await owner.get(`${path}?goal=minimise`).expect(200)).body).toMatchObject({ settings: { Time: 80, Temp: 170 }, atBound: ['Time', 'Temp'] });
      expect((await owner.get(`${path}?goal=target&target=82.5`).expect(200)).body).toMatchObject({ responses: [{ mean: expect.closeTo(82.5, 5) as number }] });
    });

    it('of several responses by desirability, importance and constraints', async () => {
      const id = await begun([{ name: 'X', kind: 'continuous', low: 0, high: 10 }], [{ name: 'Yield', goal: 'maximise', low: 0, high: 10, importance: 5 }, { name: 'Cost', goal: 'minimise', low: 0, high: 10, importance: 1 }, { name: 'Colour' }]);
      await made(`/${id}/runs/bulk`, { items: [0, 5, 10].map((X) => ({ settings: { X } })) });
      await made(`/${id}/results/bulk`, { items: ['Yield', 'Cost', 'Colour'].flatMap((response) => [0, 5, 10].map((value, index) => ({ run: index + 1, response, value }))) });
      const [gain, cost, colour] = [await fit(id), await fit(id, { response: 'Cost' }), await fit(id, { response: 'Colour' })];
      const path = `/experiments/${id}/models/${gain.id}/optimum`;
      const [five, one] = [(5 / 6) ** (5 / 6), (1 / 6) ** (1 / 6)];
      expect((await owner.post(path, { models: [cost.id], seed: 3 }).expect(200)).body).toMatchObject({ settings: { X: expect.closeTo(50 / 6, 4) as number }, desirability: { overall: expect.closeTo(five * one, 8) as number } });
      expect((await owner.post(path, { models: [cost.id], constraints: [{ coefficients: { X: 2 }, atMost: 8 }] }).expect(200)).body).toMatchObject({ settings: { X: expect.closeTo(4, 4) as number } });
      expect((await owner.post(path, { models: [cost.id], constraints: [{ coefficients: { X: 1 }, atLeast: 20 }] }).expect(422)).body).toMatchObject({ code: 'experiments.design-no-feasible-point' });
      expect((await owner.post(path, { models: [colour.id] }).expect(422)).body).toMatchObject({ code: 'experiments.prediction-goal' });
      expect((await owner.get(`/experiments/${id}/models/${colour.id}/optimum`).expect(422)).body).toMatchObject({ code: 'experiments.prediction-goal' });
      const { data: responses } = (await owner.get(`/experiments/${id}/responses`)).body as { data: Row[] };
      await owner.patch(`/experiments/${id}/responses/${responses[2]!.id}`, { goal: 'in-range', high: 3 }).expect(200);
      expect((await owner.post(path, { models: [cost.id, colour.id] }).expect(200)).body).toMatchObject({ settings: { X: expect.closeTo(3, 3) as number }, desirability: { individual: [expect.closeTo(0.3, 3), expect.closeTo(0.7, 3), 1] } });
      await owner.post(path, { models: [newId()] }).expect(404);
      await (await api.signedIn()).get(path).expect(404);
    });
  });

  describe('have a next run suggested', () => {
    interface Suggested {
      seed: number;
      measuredRuns: number;
      suggestions: { settings: { X: number; Y: number }; expectedImprovement: number; probabilityWithinLimits: number; best: number; run: number | null }[];
    }
    const X = { name: 'X', kind: 'continuous', low: 0, high: 10 };
    const Y = { name: 'Y', kind: 'discrete', levels: [1, 2, 4] };

    /** A hill at X = 6, Y = 4, and a cost that rises with X. */
    async function climbed(): Promise<string> {
      const id = await begun([X, Y], [{ name: 'Yield', goal: 'maximise', low: 0, high: 100 }, { name: 'Cost', goal: 'minimise', low: 0, high: 10 }, { name: 'Colour' }]);
      const runs = [0, 3, 7, 10].flatMap((x) => [1, 2, 4].map((y) => ({ X: x, Y: y })));
      await made(`/${id}/runs/bulk`, { items: runs.map((settings) => ({ settings })) });
      await made(`/${id}/results/bulk`, { items: runs.flatMap(({ X: x, Y: y }, index) => [{ run: index + 1, response: 'Yield', value: 80 - 1.5 * (x - 6) ** 2 + 3 * y }, { run: index + 1, response: 'Cost', value: x }]) });
      return id;
    }

    const suggest = (id: string, body: object): Promise<Suggested> => suggested(owner, id, { method: 'expected-improvement', responses: ['Yield'], seed: 5, ...body });

    it('where it is expected to gain most: the same again for the same seed, and several by believing those before', async () => {
      const id = await climbed();
      const { suggestions, ...rest } = await suggest(id, { count: 3 });
      expect(rest).toMatchObject({ seed: 5, measuredRuns: 12, isStopped: false });
      expect(suggestions[0]).toMatchObject({ settings: { Y: 4 }, probabilityWithinLimits: 1, best: 90.5, run: null });
      expect(Math.abs(suggestions[0]!.settings.X - 6)).toBeLessThan(1);
      expect(new Set(suggestions.map(({ settings }) => JSON.stringify(settings))).size).toBe(3);
      expect((await suggest(id, { count: 3 })).suggestions).toEqual(suggestions);
      expect((await owner.get(`/experiments/${id}/runs?number_gte=13`).expect(200)).body).toMatchObject({ data: [] });
    });

    it('within limits of other responses, or by desirability of several, and planned where that is asked for', async () => {
      const id = await climbed();
      const [limited] = (await suggest(id, { limits: [{ response: 'Cost', high: 4 }] })).suggestions;
      expect(limited!.settings.X).toBeLessThan(4.2);
      const { suggestions } = await suggest(id, { method: 'desirability', responses: ['Yield', 'Cost'], count: 2, add: true });
      expect(suggestions.map(({ run }) => run)).toEqual([13, 14]);
      expect(suggestions[0]!.settings.X).toBeLessThan(6);
      const { body } = await owner.get(`/experiments/${id}/runs?number_gte=13`).expect(200);
      expect(body).toMatchObject({ data: suggestions.map(({ settings, run }) => ({ number: run, settings, status: 'planned', pointType: 'suggested' })) });
      const { body: versions } = await owner.get(`/experiments/${id}/versions?limit=1`).expect(200);
      expect(versions).toMatchObject({ data: [{ action: 'suggestions.add' }] });
    });

    it.each([
      [{ responses: ['Colour'] }, 'experiments.prediction-too-few-runs'],
      [{ responses: ['Mass'] }, 'experiments.fit-response'],
      [{ responses: ['Yield', 'Cost'] }, 'experiments.prediction-one-response'],
      [{ responses: ['Yield', 'Yield'], method: 'desirability' }, 'experiments.prediction-response-twice'],
      [{ limits: [{ response: 'Cost' }] }, 'experiments.prediction-limits'],
      [{ count: 11 }, 'validation.failed'],
      [{ seed: 'lucky' }, 'validation.failed'],
    ])('unless it cannot be told: %j', async (body, code) => {
      const id = await climbed();
      expect((await owner.post(`/experiments/${id}/suggestions`, { method: 'expected-improvement', responses: ['Yield'], ...body })).body).toMatchObject({ code });
    });

    it('not over names of levels, nor for a response without a direction', async () => {
      const id = await begun([X, { name: 'Catalyst', kind: 'categorical', levels: ['A', 'B'] }]);
      expect((await owner.post(`/experiments/${id}/suggestions`, { method: 'expected-improvement', responses: ['Yield'] }).expect(422)).body).toMatchObject({ code: 'experiments.prediction-not-numeric' });
      const other = await begun([X], [{ name: 'Colour', goal: 'none' }]);
      await made(`/${other}/runs/bulk`, { items: [0, 5, 10].map((x) => ({ settings: { X: x } })) });
      await made(`/${other}/results/bulk`, { items: [1, 2, 4].map((value, index) => ({ run: index + 1, response: 'Colour', value })) });
      for (const method of ['expected-improvement', 'desirability']) expect((await owner.post(`/experiments/${other}/suggestions`, { method, responses: ['Colour'] }).expect(422)).body).toMatchObject({ code: 'experiments.prediction-goal' });
    });
  });
});
