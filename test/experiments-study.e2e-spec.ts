import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { Api, type SignedInCaller } from './support/api.js';
import { designed } from './support/designs.js';

interface Published {
  data: { columns: string[]; rows: number[][] };
  analyses: { id: string; terms: string[]; expected: Expected }[];
}

interface Expected {
  coefficients: { term: string; estimate: number; standardError: number; p: number }[];
  r2: number;
  lackOfFit: { f: number; p: number };
  predictions: { mean: number; seMean: number; ci95: [number, number]; pi95: [number, number] }[];
  canonical: { stationaryPointNatural: { time: number; temp: number }; nature: string; predictedAtStationaryPoint: number };
}

interface Model {
  id: string;
  figures: {
    summary: { r2: number };
    coefficients: { name: string; estimate: number; standardError: number; p: number }[];
    lackOfFit: { f: number; p: number };
    effects: { pareto: { term: string }[] };
  };
}

/** NIST/SEMATECH e-Handbook, the catapult; Montgomery, Design and Analysis of Experiments (2001), example 11-1. */
const published = (name: string): Published => JSON.parse(readFileSync(`test/reference/doe/${name}.json`, 'utf8')) as Published;

describe('a study, played over HTTP', () => {
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    ada = await api.signedIn();
  });
  afterAll(() => api.close());

  const made = async <Answer extends { id: string }>(path: string, body: object): Promise<Answer> => (await ada.post(path, body).expect(201)).body as Answer;

  async function begun(title: string, parameters: object[], response: object): Promise<string> {
    const { id } = await made('/experiments', { title });
    for (const parameter of parameters) await made(`/experiments/${id}/parameters`, parameter);
    await made(`/experiments/${id}/responses`, response);
    return id;
  }

  /** Writes what `measure` answers for the cells of each row into the sheet that the experiment hands out, and sends it back. */
  async function filledIn(id: string, measure: (row: Record<string, string>) => Record<string, number>): Promise<void> {
    const { text } = await ada.get(`/experiments/${id}/runs/export?actual=true`).expect(200);
    const rows = parse<Record<string, string>>(text, { bom: true, columns: true });
    const sheet = stringify(rows.map((row) => ({ ...row, ...measure(row) })), { header: true });
    const send = (query = '') => ada.post(`/experiments/${id}/results/import${query}`).set('content-type', 'text/csv').send(sheet);
    const { body: tried } = await send('?dryRun=true').expect(200);
    expect(tried).toMatchObject({ dryRun: true, failed: 0, results: rows.length });
    expect((await send().expect(200)).body).toEqual({ ...(tried as object), dryRun: false });
  }

  it('screens five factors, follows two of another process up, and gets the published figures', async () => {
    const screening = published('hb-catapult');
    const catapult = await begun(
      'What throws farthest',
      [
        { name: 'h', kind: 'continuous', low: 3.25, high: 4.75, unit: 'inch' },
        { name: 's', kind: 'continuous', low: 0, high: 20, unit: 'degree' },
        { name: 'b', kind: 'discrete', levels: [1, 2] },
        { name: 'l', kind: 'continuous', low: 0, high: 4, unit: 'inch' },
        { name: 'e', kind: 'continuous', low: 45, high: 80, unit: 'degree' },
      ],
      { name: 'distance', unit: 'inch', goal: 'maximise' },
    );
    const design = await designed(ada, catapult, { kind: 'fractional-factorial', options: { runs: 16 }, seed: 11 });
    expect(design).toMatchObject({ runs: 16, aliases: { resolution: 'V', definingWords: ['ABCDE'] } });
    // The published plan has four more runs in the middle, two for each number of rubber bands: of two levels none is in the middle.
    const middle = [1, 1, 2, 2].map((b) => ({ settings: { h: 4, s: 10, b, l: 2, e: 62.5 }, pointType: 'centre' }));
    await ada.post(`/experiments/${catapult}/runs/bulk`, { items: middle }).expect(201);
    const left = screening.data.rows.map(([distance, ...codes]) => ({ distance: distance!, codes: codes.slice(0, 5).join() }));
    await filledIn(catapult, (row) => {
      const codes = [(Number(row['h (inch)']) - 4) / 0.75, (Number(row['s (degree)']) - 10) / 10, 2 * Number(row['b']) - 3, (Number(row['l (inch)']) - 2) / 2, (Number(row['e (degree)']) - 62.5) / 17.5].join();
      const at = left.findIndex((each) => each.codes === codes);
      return { 'distance (inch)': left.splice(at, 1)[0]!.distance };
    });
    expect(left).toEqual([]);
    const { expected, terms } = screening.analyses.find(({ id }) => id === 'main-and-2fi')!;
    const screened = await made<Model>(`/experiments/${catapult}/models`, { response: 'distance', terms });
    agree(screened, expected, 11);
    expect(screened.figures.effects.pareto.slice(0, 2).map(({ term }) => term).sort()).toEqual(['b', 'l']);

    const study = published('montgomery-yield-ccd');
    const reactor = await begun(
      'Yield of a reactor',
      [{ name: 'time', kind: 'continuous', low: 80, high: 90, unit: 'min' }, { name: 'temp', kind: 'continuous', low: 170, high: 180, unit: '°F' }],
      { name: 'y', unit: '%', goal: 'maximise', low: 70, high: 85 },
    );
    expect(await designed(ada, reactor, { kind: 'central-composite', options: { alpha: 'rotatable', centrePoints: 5 }, seed: 3 })).toMatchObject({ runs: 13, alpha: expect.closeTo(Math.SQRT2, 12) as number });
    // The axial runs were made at 92.07 and the like, not at 85 + 5√2: the sheet says so, and the fit is to what was.
    const measured = study.data.rows.map(([time, temp, y]) => ({ time: time!, temp: temp!, y: y! }));
    await filledIn(reactor, (row) => {
      const [time, temp] = [Number(row['time (min)']), Number(row['temp (°F)'])];
      const at = measured.findIndex((each) => Math.abs(each.time - time) < 0.01 && Math.abs(each.temp - temp) < 0.01);
      const [{ y, ...was }] = measured.splice(at, 1) as [(typeof measured)[number]];
      return { 'y (%)': y, ...(was.time !== time && { 'actual: time (min)': was.time }), ...(was.temp !== temp && { 'actual: temp (°F)': was.temp }) };
    });
    const { expected: figures } = study.analyses.find(({ id }) => id === 'coded')!;
    const model = await made<Model>(`/experiments/${reactor}/models`, { response: 'y', preset: 'quadratic' });
    agree(model, figures, 10);
    expect(model.figures.lackOfFit).toMatchObject({ f: near(figures.lackOfFit.f, 9), p: near(figures.lackOfFit.p, 9) });
    const { stationaryPointNatural: { time, temp }, nature, predictedAtStationaryPoint } = figures.canonical;
    const best = { time: near(time, 9), temp: near(temp, 9) };
    expect(model.figures).toMatchObject({ surface: { canonical: { nature, predicted: near(predictedAtStationaryPoint, 10), stationaryPointNatural: best } } });
    const { body: optimum } = await ada.get(`/experiments/${reactor}/models/${model.id}/optimum`).expect(200);
    expect(optimum).toMatchObject({ settings: { time: near(time, 5), temp: near(temp, 5) } });

    const { body: answer } = await ada.post(`/experiments/${reactor}/models/${model.id}/predictions`, { points: [{ settings: { time: 87, temp: 176.5 } }] }).expect(201);
    const [prediction] = (answer as { data: { id: string }[] }).data;
    const [{ mean, seMean, ci95, pi95 }] = figures.predictions as [Expected['predictions'][number]];
    expect(prediction).toMatchObject({ mean: near(mean, 10), standardError: near(seMean, 9), confidence: { lower: near(ci95[0], 9), upper: near(ci95[1], 9) }, prediction: { lower: near(pi95[0], 9), upper: near(pi95[1], 9) } });
    // The book confirms its optimum with a value inside the interval.
    await ada.post(`/experiments/${reactor}/predictions/${prediction!.id}/feedback`, { value: 80.4 }).expect(201);
    expect((await ada.get(`/experiments/${reactor}/models/${model.id}/calibration`).expect(200)).body).toMatchObject({ outcomes: 1, coverage: 1 });
  });
});

const near = (value: number, digits: number): number => expect.closeTo(value, Math.max(0, digits - Math.ceil(Math.log10(Math.abs(value))))) as number;

/** To so many digits, coefficient by coefficient. Names differ where the publication has letters of its own. */
function agree(model: Model, { coefficients, r2 }: Expected, digits: number): void {
  expect(model.figures.summary.r2).toEqual(near(r2, digits));
  expect(model.figures.coefficients).toHaveLength(coefficients.length);
  for (const [index, { estimate, standardError, p }] of coefficients.entries()) {
    expect(model.figures.coefficients[index]).toMatchObject({ estimate: near(estimate, digits), standardError: near(standardError, digits), p: near(p, digits) });
  }
}
