import type { Plot } from '../src/experiments/plots/plot.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type SignedInCaller } from './support/api.js';
import { doeCase } from './support/doe-digits.js';
import { type Element, elementsOf } from './support/well-formed.js';

interface Row {
  id: string;
}

/** A yield over time and temperature: Montgomery, Design and Analysis of Experiments, example 11-1. */
const { data: { rows } } = doeCase<{ data: { rows: [number, number, number][] } }>('montgomery-yield-ccd');

const TIME = { name: 'Time', kind: 'continuous', low: 80, high: 90, unit: 'min' };
const TEMPERATURE = { name: 'Temperature', kind: 'continuous', low: 170, high: 180, unit: '°F' };
const EVIL = `<script>alert(1)</script> & "it's"`;

describe('plots of a model', () => {
  let api: Api;
  let owner: SignedInCaller;
  let yields: string;
  beforeAll(async () => {
    api = await Api.start();
    owner = await api.signedIn();
    yields = await studied([TIME, TEMPERATURE], rows.map(([time, temperature]) => ({ Time: time, Temperature: temperature })), rows.map(([, , value]) => value));
    await fit(yields, { preset: 'quadratic' });
  });
  afterAll(() => api.close());

  const made = async (path: string, body: object): Promise<Row> => (await owner.post(`/experiments${path}`, body).expect(201)).body as Row;
  const fit = (id: string, body: object): Promise<Row> => made(`/${id}/models`, { response: 'Yield', ...body });

  async function studied(parameters: readonly object[], runs: readonly object[], values: readonly number[], response: object = { name: 'Yield', unit: '%' }): Promise<string> {
    const { id } = await made('', { title: 'Reaction' });
    for (const parameter of parameters) await made(`/${id}/parameters`, parameter);
    await made(`/${id}/responses`, response);
    await made(`/${id}/runs/bulk`, { items: runs.map((settings) => ({ settings })) });
    await made(`/${id}/results/bulk`, { items: values.map((value, index) => ({ run: index + 1, response: (response as { name: string }).name, value })) });
    return id;
  }

  const plot = (id: string, rest: string, by = owner): ReturnType<SignedInCaller['get']> => by.get(`/experiments/${id}/plots/${rest}`);
  const picture = async (id: string, rest: string): Promise<Element[]> => elementsOf((await plot(id, rest).buffer(true).expect(200)).body.toString() as string);
  const textOf = (elements: readonly Element[], name: string): string => elements.find((each) => each.name === name)?.text ?? '';
  const written = (elements: readonly Element[]): string[] => elements.filter(({ name }) => name === 'text').map(({ text }) => text);
  const refused = async (id: string, rest: string, status: number): Promise<{ code: string; detail: string; kinds?: string[] }> => (await plot(id, rest).expect(status)).body as never;

  it.each([
    ['main-effects.svg', ['Time (min)', 'Temperature (°F)', 'Yield (%)'], /Time changes it most: from 77\.\d+ % at 80 min to 80\.\d+ % at 86\.\d+ min/],
    ['interaction.svg?x=Time', ['Time (min)', 'Yield (%)', '170 °F', '180 °F'], /one line for each level of Temperature/],
    ['contour.svg', ['Time (min)', 'Temperature (°F)', '78', '79', '×5'], /Among the runs it is highest, 80\.21 % at Time 86\.\d+ min and Temperature 176\.\d+ °F/],
    ['surface.svg?width=900&height=600', ['Time (min)', 'Temperature (°F)', 'Yield (%)'], /is marked as extrapolated/],
    ['residuals.svg', ['Fitted Yield (%)', 'Studentised residual'], /13 runs, from −1\.\d+ to 1\.7\d+\. The largest is that of run 6/],
    ['residuals.svg?against=order', ['Run'], /in run order/],
    ['residuals.svg?against=normal', ['Normal quantile'], /quantiles of a normal distribution/],
    ['predicted.svg', ['Measured Yield (%)', 'Fitted Yield (%)'], /line of agreement/],
    ['half-normal.svg', ['Half-normal quantile', 'Time^2', 'ME 2.36'], /Beyond the margin for one effect: Time\^2, Time, Temperature\^2 and Temperature/],
    ['pareto.svg', ['Term', 'Time:Temperature', 'SME 3.48'], /Largest are Time\^2 \(−2\.75\d* %\), Time \(1\.99 %\)/],
  ])('%s is drawn with title, units and a description', async (rest, texts, description) => {
    const elements = await picture(yields, rest);
    const [root, title, words] = elements;
    expect(root).toMatchObject({ name: 'svg', attributes: { role: 'img', 'aria-labelledby': `${title!.attributes['id']} ${words!.attributes['id']}` } });
    expect([title!.name, words!.name]).toEqual(['title', 'desc']);
    expect(title!.text).toMatch(/Yield/);
    expect(words!.text).toMatch(description);
    expect(written(elements)).toEqual(expect.arrayContaining(texts));
  });

  it('are private pictures that run nothing, and are not sent again to whoever has them', async () => {
    const { headers } = await plot(yields, 'pareto.svg').expect(200);
    expect(headers).toMatchObject({ 'content-type': 'image/svg+xml; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' });
    expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'unsafe-inline'");
    await plot(yields, 'pareto.svg').set('if-none-match', headers['etag']!).expect(304);
    await plot(yields, 'pareto.svg?level=0.9').set('if-none-match', headers['etag']!).expect(200);
  });

  it('show names as text, whatever they contain', async () => {
    const square = [-1, 1].flatMap((a) => [-1, 1].map((b) => ({ [EVIL]: a, B: b })));
    const id = await studied([{ name: EVIL, kind: 'continuous', low: -1, high: 1, unit: '</text>' }, { name: 'B', kind: 'continuous', low: -1, high: 1 }], [...square, { [EVIL]: 0, B: 0 }], [1, 2, 4, 7, 3], { name: EVIL, unit: '<b>' });
    await fit(id, { response: EVIL, preset: 'linear' });
    for (const kind of ['main-effects', 'interaction', 'contour', 'surface', 'residuals', 'half-normal', 'pareto']) {
      const elements = await picture(id, `${kind}.svg`);
      expect(elements.filter(({ name }) => !['svg', 'title', 'desc', 'g', 'path', 'rect', 'line', 'text', 'tspan', 'defs', 'clipPath'].includes(name))).toEqual([]);
      expect(elements.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.startsWith('on') || name.endsWith('href'))).toEqual([]);
      expect(textOf(elements, 'title')).toContain(EVIL);
    }
  });

  it('are there as numbers too', async () => {
    const shown = (await plot(yields, 'contour.json').expect(200)).body as Plot;
    expect(shown).toMatchObject({ kind: 'contour', title: 'Yield (%) over Time and Temperature', legend: { entries: ['run', 'beyond the runs: extrapolated'] }, panels: [{ x: { name: 'Time', unit: 'min' }, y: { name: 'Temperature', unit: '°F' } }] });
    const { grid, series } = shown.panels[0]!;
    expect(grid!.values).toHaveLength(grid!.y.length);
    expect(series[0]!.points).toContainEqual({ x: 85, y: 175, label: '×5' });
  });

  it('do not exist for others', async () => {
    const stranger = await api.signedIn();
    const { id: model } = await fit(yields, { preset: 'linear' });
    const mine = ((await stranger.post('/experiments', { title: 'Mine' }).expect(201)).body as Row).id;
    for (const rest of ['pareto.svg', 'pareto.json', 'nothing.svg']) {
      const { body } = await plot(yields, rest, stranger).expect(404);
      const { body: unknown } = await plot(newId(), rest, stranger).expect(404);
      expect((body as { code: string }).code).toBe((unknown as { code: string }).code);
    }
    await plot(mine, `pareto.svg?model=${model}`, stranger).expect(404);
  });

  it('say what is wrong with what was asked for', async () => {
    expect(await refused(yields, 'pie.svg', 404)).toMatchObject({ code: 'experiments.plot-unknown', kinds: expect.arrayContaining(['contour', 'pareto']) });
    expect(await refused(yields, 'contour.svg?x=Pressure', 422)).toMatchObject({ code: 'experiments.plot-factor', detail: expect.stringContaining('Time, Temperature') });
    expect(await refused(yields, 'contour.svg?x=Time&y=Time', 422)).toMatchObject({ code: 'experiments.plot-same' });
    expect(await refused(yields, 'main-effects.svg?at=Pressure=3', 422)).toMatchObject({ code: 'experiments.plot-at' });
    expect(await refused(yields, 'main-effects.svg?at=Time=long', 422)).toMatchObject({ code: 'experiments.setting-not-a-number' });
    expect(await refused(yields, 'main-effects.svg?width=9', 400)).toMatchObject({ code: 'validation.failed' });
    const { id: empty } = await made('', { title: 'Nothing yet' });
    expect(await refused(empty, 'pareto.svg', 422)).toMatchObject({ code: 'experiments.plot-no-model' });
    const catalysed = await studied([TIME, { name: 'Catalyst', kind: 'categorical', levels: ['A', 'B'] }], [80, 90].flatMap((Time) => ['A', 'B'].map((Catalyst) => ({ Time, Catalyst }))), [1, 2, 4, 7]);
    await fit(catalysed, { preset: 'interactions' });
    expect(await refused(catalysed, 'contour.svg?x=Time&y=Catalyst', 422)).toMatchObject({ code: 'experiments.plot-categorical' });
    expect(await refused(catalysed, 'residuals.svg', 422)).toMatchObject({ code: 'experiments.plot-saturated' });
  });
});
