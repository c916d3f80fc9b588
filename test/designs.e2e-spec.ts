import type { Actor } from '../src/access/actor.js';
import { Computation } from '../src/experiments/computations/computation.entity.js';
import { Computations } from '../src/experiments/computations/computations.js';
import { Experiment } from '../src/experiments/experiment.entity.js';
import type { Factor } from '../src/experiments/factors.js';
import { insertRow } from '../src/platform/database/insert-row.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type Caller, type SignedInCaller } from './support/api.js';
import { computation as computationOf, computationOnce, designed as designedBy, type Told } from './support/designs.js';

interface Design {
  id: string;
  seed: number;
  runs: number;
  stopped: string | null;
}
interface RunRow {
  id: string;
  number: number;
  standardOrder: number;
  settings: Record<string, number | string>;
}

/** Far more than fits into any test. */
const LONG = { kind: 'd-optimal', options: { runs: 150, model: 'quadratic', starts: 1000 } };

describe('a design', () => {
  let api: Api;
  let owner: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    owner = await api.signedIn();
  });
  afterAll(() => api.close());

  /** An experiment with continuous parameters of these names. */
  async function begun(names: readonly string[] = ['A', 'B', 'C', 'D'], by: Caller = owner): Promise<string> {
    const { body } = await by.post('/experiments', { title: 'Yield' }).expect(201);
    const { id } = body as { id: string };
    for (const name of names) await by.post(`/experiments/${id}/parameters`, { name, kind: 'continuous', low: 10, high: 20 }).expect(201);
    return id;
  }

  async function runsOf(id: string): Promise<RunRow[]> {
    const { body } = await owner.get(`/experiments/${id}/runs?limit=100`).expect(200);
    return (body as { data: RunRow[] }).data;
  }

  const versionOf = async (id: string): Promise<number> => ((await owner.get(`/experiments/${id}`).expect(200)).body as { version: number }).version;
  const designed = (id: string, request: object): Promise<Design> => designedBy(owner, id, request);
  const computation = (id: string, c: string): Promise<Told> => computationOf(owner, id, c);
  const until = (id: string, c: string, isReached: (told: Told) => boolean): Promise<Told> => computationOnce(owner, id, c, isReached);

  /** Answered at once; the search goes on. */
  async function searching(id: string, request: object = LONG): Promise<Told> {
    const { body, headers } = await owner.post(`/experiments/${id}/designs`, request).set('prefer', 'respond-async').expect(202);
    expect(headers['location']).toBe(`/api/v1/experiments/${id}/computations/${(body as Told).id}`);
    return body as Told;
  }

  it('adds its runs as one version, in an order that its seed gives again, and tells its aliases and properties', async () => {
    const [first, second] = [await begun(['A', 'B', 'C', 'D', 'E']), await begun(['A', 'B', 'C', 'D', 'E'])];
    const before = await versionOf(first);
    const request = { kind: 'fractional-factorial', options: { runs: 16, centrePoints: 2 }, seed: 7 };
    const design = await designed(first, request);
    await designed(second, request);
    expect(await versionOf(first)).toBe(before + 1);
    const shown = ({ number, standardOrder, settings }: RunRow): object => ({ number, standardOrder, settings });
    const runs = (await runsOf(first)).map(shown);
    expect(runs).toHaveLength(18);
    expect((await runsOf(second)).map(shown)).toEqual(runs);
    await designed(second, { ...request, seed: 8 });
    expect((await runsOf(second)).slice(18).map(({ standardOrder }) => standardOrder)).not.toEqual((await runsOf(first)).map(({ standardOrder }) => standardOrder));
    const { body } = await owner.get(`/experiments/${first}/designs`).expect(200);
    expect((body as { data: object[] }).data).toMatchObject([{
      id: design.id, kind: 'fractional-factorial', seed: 7, runs: 18, stopped: null,
      aliases: { resolution: 'V', definingWords: ['ABCDE'], wordLengthPattern: { 5: 1 } },
      properties: { parameters: 16, residualDf: 2, orthogonal: true },
    }]);
    const { body: properties } = await owner.get(`/experiments/${first}/designs/${design.id}/properties?terms=1,A,B,A:B&effect=2`).expect(200);
    expect(properties).toMatchObject({ model: ['1', 'A', 'B', 'A:B'], orthogonal: true, powers: [{ term: 'A' }, { term: 'B' }, { term: 'A:B' }] });
  });

  it('is made once for one idempotency key', async () => {
    const id = await begun();
    const answers = await Promise.all([1, 2, 3].map(() => owner.post(`/experiments/${id}/designs`, { kind: 'full-factorial' }).set('idempotency-key', 'the-same')));
    expect(answers.map(({ status }) => status).every((status) => status === 201 || status === 202)).toBe(true);
    const { body: list } = await owner.get(`/experiments/${id}/computations`).expect(200);
    await until(id, (list as { data: Told[] }).data[0]!.id, ({ state }) => state === 'done');
    const { body } = await owner.post(`/experiments/${id}/designs`, { kind: 'full-factorial' }).set('idempotency-key', 'the-same').expect(201);
    expect(await runsOf(id)).toHaveLength(16);
    expect((body as Design).runs).toBe(16);
  });

  it.each([
    ['a kind that does not exist', 'taguchi', {}, 'validation.failed'],
    ['an unknown option', 'full-factorial', { level: 3 }, 'validation.failed'],
    ['an option of another kind', 'full-factorial', { generators: ['D=ABC'] }, 'experiments.design-option'],
    ['impossible generators', 'fractional-factorial', { generators: ['D=A'] }, 'experiments.design-generator-main-effect'],
    ['a generator that defines itself', 'fractional-factorial', { generators: ['D=ABD'] }, 'experiments.design-generator-circular'],
    ['more runs than anybody makes', 'full-factorial', { levels: { A: 100, B: 100, C: 100 } }, 'experiments.design-too-many-runs'],
    ['one level', 'full-factorial', { levels: { A: 1 } }, 'experiments.design-one-level'],
    ['fewer runs than terms', 'd-optimal', { runs: 5, model: 'quadratic' }, 'experiments.design-more-terms-than-runs'],
    ['constraints that leave no point', 'd-optimal', { runs: 20, constraints: [{ coefficients: { A: 1, B: 1 }, atMost: 15 }] }, 'experiments.design-no-feasible-point'],
    ['a simplex without a mixture', 'simplex-centroid', {}, 'experiments.design-mixture'],
    ['a term of no parameter', 'd-optimal', { runs: 20, model: ['1', 'Z'] }, 'experiments.term-unknown-factor'],
  ])('refuses %s with what to change, and writes nothing', async (_, kind, options, code) => {
    const id = await begun();
    const before = await versionOf(id);
    const { body, status } = await owner.post(`/experiments/${id}/designs`, { kind, options });
    // A busy machine tells it later.
    const problem = status === 202 ? (await until(id, (body as Told).id, ({ state }) => state === 'failed')).problem : (body as Told['problem']);
    expect(problem).toMatchObject({ code });
    expect([400, 422]).toContain(problem!.status);
    expect(await versionOf(id)).toBe(before);
  });

  it('completes the runs that are there', async () => {
    const id = await begun(['A', 'B']);
    await designed(id, { kind: 'full-factorial' });
    const design = await designed(id, { kind: 'd-optimal', options: { runs: 2, model: 'quadratic', keepRuns: true }, seed: 1 });
    expect(design).toMatchObject({ runs: 2, kept: 4, properties: { runs: 6, parameters: 6 } });
  });

  it('goes with its runs, but not once something was measured in them', async () => {
    const id = await begun(['A', 'B']);
    await owner.post(`/experiments/${id}/responses`, { name: 'Yield' }).expect(201);
    const [gone, kept] = [await designed(id, { kind: 'full-factorial' }), await designed(id, { kind: 'full-factorial' })];
    await owner.post(`/experiments/${id}/results`, { run: 5, response: 'Yield', value: 1 }).expect(201);
    await owner.delete(`/experiments/${id}/designs/${gone.id}`).expect(200);
    expect((await owner.delete(`/experiments/${id}/designs/${kept.id}`).expect(409)).body).toMatchObject({ code: 'experiments.in-use', usedBy: { results: 1 } });
    expect((await runsOf(id)).map(({ number }) => number)).toEqual([5, 6, 7, 8]);
    await owner.post(`/experiments/${id}/versions/${(await versionOf(id)) - 1}/restore`, {}).expect(200);
    expect(await runsOf(id)).toHaveLength(8);
  });

  it('tells what it cannot tell, which runs would separate a pair, and what a lost run costs', async () => {
    const id = await begun();
    await owner.post(`/experiments/${id}/responses`, { name: 'Yield', smallestEffect: 4 }).expect(201);
    await designed(id, { kind: 'fractional-factorial', options: { runs: 8 } });
    const ask = { model: 'linear', response: 'Yield', sigma: 2 };
    const { body: limits } = await owner.post(`/experiments/${id}/designs/limits`, ask).expect(200);
    expect((limits as { aliased: object[] }).aliased).toContainEqual({ first: 'A:B', second: 'C:D', correlation: 1 });
    expect((limits as { powers: { power: number }[] }).powers).toHaveLength(4);
    expect((await owner.post(`/experiments/${id}/designs/limits`, { model: 'linear', response: 'Yield' }).expect(422)).body).toMatchObject({ code: 'experiments.design-effect-unknown' });
    const { body: separated } = await owner.post(`/experiments/${id}/designs/separate`, { pair: ['A:B', 'C:D'], model: 'linear', add: true }).expect(200);
    expect(separated).toMatchObject({ runs: [{ number: 9, pointType: 'separating', status: 'planned' }] });
    const { body: after } = await owner.post(`/experiments/${id}/designs/limits`, ask).expect(200);
    expect((after as { aliased: object[] }).aliased).not.toContainEqual({ first: 'A:B', second: 'C:D', correlation: 1 });
    expect((await owner.post(`/experiments/${id}/designs/repair`, {}).expect(422)).body).toMatchObject({ code: 'experiments.design-no-lost-runs' });
    const [lost] = await runsOf(id);
    await owner.patch(`/experiments/${id}/runs/${lost!.id}`, { status: 'failed', note: 'The flask broke' }).expect(200);
    const { body: repair } = await owner.post(`/experiments/${id}/designs/repair`, { model: ['1', 'A', 'B', 'C', 'D'], add: true }).expect(200);
    expect(repair).toMatchObject({ lost: [1], runsLeft: 8, estimable: ['1', 'A', 'B', 'C', 'D'], run: { number: 10, pointType: 'replacement' } });
  });

  it('exists for those alone who may see its experiment, and is made by those who may edit it', async () => {
    const id = await begun();
    const design = await designed(id, { kind: 'full-factorial' });
    const { body } = await owner.get(`/experiments/${id}/computations`).expect(200);
    const [made] = (body as { data: Told[] }).data;
    const [stranger, viewer] = [await api.signedIn(), await api.signedIn()];
    const mine = await begun(['A'], stranger);
    for (const [of, by] of [[id, stranger], [mine, stranger]] as const) {
      for (const path of [`designs/${design.id}`, `designs/${design.id}/properties`, `computations/${made!.id}`]) await by.get(`/experiments/${of}/${path}`).expect(404);
      await by.post(`/experiments/${of}/computations/${made!.id}/cancel`, {}).expect(404);
      await by.delete(`/experiments/${of}/designs/${design.id}`).expect(404);
    }
    for (const path of ['designs', 'computations']) await stranger.get(`/experiments/${id}/${path}`).expect(404);
    for (const path of ['designs/limits', 'designs/repair']) await stranger.post(`/experiments/${id}/${path}`, {}).expect(404);
    await stranger.post(`/experiments/${id}/designs`, { kind: 'full-factorial' }).expect(404);
    await owner.post(`/experiments/${id}/shares`, { username: viewer.user.username, role: 'viewer' }).expect(201);
    await viewer.get(`/experiments/${id}/designs/${design.id}`).expect(200);
    await viewer.post(`/experiments/${id}/designs`, { kind: 'full-factorial' }).expect(403);
    await viewer.delete(`/experiments/${id}/designs/${design.id}`).expect(403);
    await viewer.post(`/experiments/${id}/designs/separate`, { pair: ['A:B', 'C:D'], add: true }).expect(403);
    await viewer.post(`/experiments/${id}/computations/${made!.id}/cancel`, {}).expect(403);
    expect(await runsOf(id)).toHaveLength(16);
  });

  describe('that is searched for', () => {
    it('leaves the service free, tells how far it is, and frees its thread when it is cancelled', async () => {
      const id = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      const before = await versionOf(id);
      const { id: c } = await searching(id);
      await until(id, c, ({ state, progress }) => state === 'running' && progress > 0);
      for (let request = 0; request < 20; request += 1) await owner.get(`/experiments/${id}/parameters`).expect(200);
      expect(await computation(id, c)).toMatchObject({ state: 'running', result: null });
      expect((await owner.post(`/experiments/${id}/computations/${c}/cancel`, {}).expect(200)).body).toMatchObject({ state: 'cancelled', result: null });
      await owner.post(`/experiments/${id}/computations/${c}/cancel`, {}).expect(200);
      expect(await versionOf(id)).toBe(before);
      await designed(id, { kind: 'plackett-burman' });
      expect((await computation(id, c)).state).toBe('cancelled');
    });

    it('hears of it when another process has cancelled it', async () => {
      const id = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      const { id: c } = await searching(id);
      await until(id, c, ({ state }) => state === 'running');
      await api.db.update(Computation, { id: c }, { state: 'cancelled', place: null });
      await designed(id, { kind: 'plackett-burman' });
    });

    it('writes nothing when it is cancelled in the last moment', async () => {
      const id = await begun(['A', 'B']);
      const factors: Factor[] = [{ name: 'A', kind: 'continuous', low: 10, high: 20 }];
      let c = '';
      let settled!: () => void;
      const isSettled = new Promise<void>((resolve) => (settled = resolve));
      await api.app.get(Computations).begin({ id: owner.user.id } as Actor, id, {
        kind: 'design', request: {}, experimentVersion: 1, task: 'planDesign', input: { factors, kind: 'full-factorial', options: {}, seed: 1, kept: [] },
        settle: async (_, finish) => {
          const { body: list } = await owner.get(`/experiments/${id}/computations`).expect(200);
          c = (list as { data: Told[] }).data[0]!.id;
          await owner.post(`/experiments/${id}/computations/${c}/cancel`, {}).expect(200);
          await api.db.transaction(async (tx) => {
            await tx.update(Experiment, { id }, { objective: 'It was written' });
            await finish(tx, {});
          }).finally(settled);
        },
      });
      // On a busy machine it is begun and goes on.
      await isSettled;
      expect(await computation(id, c)).toMatchObject({ id: c, state: 'cancelled', result: null });
      expect((await owner.get(`/experiments/${id}`).expect(200)).body).toMatchObject({ objective: null });
    });

    it('ends at its time limit with the best so far, and says so', async () => {
      const id = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      // Somewhat long, since what comes after the search has as much time again, on a machine that may be busy.
      const design = await designed(id, { ...LONG, seconds: 3 });
      expect(design).toMatchObject({ runs: 150, stopped: 'time-limit', search: { parameters: 28 } });
      expect(await runsOf(id)).toHaveLength(100);
    });

    it('is not written when the parameters were changed meanwhile', async () => {
      const id = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      const { body } = await owner.get(`/experiments/${id}/parameters`).expect(200);
      const [first] = (body as { data: { id: string }[] }).data;
      const other = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      // The only thread is taken meanwhile, however long the change takes.
      const { id: before } = await searching(other);
      const { id: c } = await searching(id, { kind: 'plackett-burman' });
      await owner.patch(`/experiments/${id}/parameters/${first!.id}`, { high: 30 }).expect(200);
      await owner.post(`/experiments/${other}/computations/${before}/cancel`, {}).expect(200);
      const told = await until(id, c, ({ state }) => state !== 'queued' && state !== 'running');
      expect(told).toMatchObject({ state: 'failed', problem: { status: 409, code: 'experiments.changed-meanwhile' } });
      expect((await owner.get(`/experiments/${id}/designs`).expect(200)).body).toMatchObject({ data: [] });
      expect(await runsOf(id)).toHaveLength(0);
    });

    it('is one of five at most, however many are asked for at once', async () => {
      const id = await begun(['A', 'B', 'C', 'D', 'E', 'F']);
      const answers = await Promise.all(Array.from({ length: 20 }, () => owner.post(`/experiments/${id}/designs`, LONG).set('prefer', 'respond-async')));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(5).fill(202), ...Array<number>(15).fill(429)]);
      for (const { status, body } of answers) if (status === 202) await owner.post(`/experiments/${id}/computations/${(body as Told).id}/cancel`, {}).expect(200);
      await designed(id, { kind: 'plackett-burman' });
    });

    it('is told as lost once its process has been silent for a minute', async () => {
      const id = await begun(['A']);
      const now = new Date(api.clock.millis() - 61_000);
      const row = Object.assign(new Computation(), { id: newId(), experimentId: id, kind: 'design', state: 'running', request: {}, experimentVersion: 2, createdBy: owner.user.id, place: 1, heartbeatAt: now, createdAt: now, updatedAt: now });
      await insertRow(api.db, Computation, row);
      expect(await computation(id, row.id)).toMatchObject({ state: 'failed', problem: { status: 503, code: 'experiments.computation-lost' } });
      expect((await owner.post(`/experiments/${id}/computations/${row.id}/cancel`, {}).expect(409)).body).toMatchObject({ code: 'experiments.computation-finished' });
    });
  });
});
