import { jest } from '@jest/globals';
import { SYSTEM } from '../src/audit/audit.service.js';
import { AccountRemoval } from '../src/auth/account/account-removal.js';
import { Result } from '../src/experiments/results/result.entity.js';
import { newId } from '../src/platform/ids/ids.js';
import { UsersService } from '../src/users/users.service.js';
import { Api, type SignedInCaller } from './support/api.js';

interface Row {
  id: string;
  version: number;
}

describe('an experiment', () => {
  let api: Api;
  let owner: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    owner = await api.signedIn();
  });
  afterAll(() => api.close());

  async function begun(title = 'Yield of the second step', by = owner): Promise<string> {
    const { body } = await by.post('/experiments', { title }).expect(201);
    return (body as Row).id;
  }

  /** With two parameters, a response and two runs. */
  async function planned(by = owner): Promise<{ id: string; temperature: Row; catalyst: Row; yielded: Row; runs: Row[] }> {
    const id = await begun(undefined, by);
    const add = async (path: string, body: object): Promise<Row> => (await by.post(`/experiments/${id}/${path}`, body).expect(201)).body as Row;
    const temperature = await add('parameters', { name: 'Temperature', kind: 'continuous', low: 60, high: 80, unit: '°C' });
    const catalyst = await add('parameters', { name: 'Catalyst', kind: 'categorical', levels: ['A', 'B'] });
    const yielded = await add('responses', { name: 'Yield', unit: 'g/L', goal: 'maximise', low: 50, high: 90 });
    const { body } = await by.post(`/experiments/${id}/runs/bulk`, { items: [{ settings: { Temperature: 60, Catalyst: 'A' } }, { settings: { Temperature: 80, Catalyst: 'B' } }] }).expect(201);
    return { id, temperature, catalyst, yielded, runs: (body as { data: Row[] }).data };
  }

  const versionOf = async (id: string): Promise<number> => ((await owner.get(`/experiments/${id}`).expect(200)).body as Row).version;

  it('is begun, listed with those of its owner, changed under its version, and removed with all that is in it', async () => {
    const { id, runs } = await planned();
    await owner.post(`/experiments/${id}/results`, { run: 1, response: 'Yield', value: 61.5 }).expect(201);
    const { body: list } = await owner.get('/experiments?q=yield&limit=100').expect(200);
    expect((list as { data: Row[] }).data.map((each) => each.id)).toContain(id);
    const { headers, body } = await owner.get(`/experiments/${id}`).expect(200);
    expect(headers['etag']).toBe(`"${(body as Row).version}"`);
    await owner.patch(`/experiments/${id}`, { status: 'running' }).set('if-match', headers['etag']!).expect(200);
    await owner.patch(`/experiments/${id}`, { status: 'draft' }).set('if-match', headers['etag']!).expect(412);
    expect((await owner.delete(`/experiments/${id}`).expect(200)).body).toMatchObject({ id });
    await owner.get(`/experiments/${id}`).expect(404);
    await owner.get(`/experiments/${id}/runs/${runs[0]!.id}`).expect(404);
    expect(await api.db.countBy(Result, { experimentId: id })).toBe(0);
  });

  it('does not exist for others: every route answers as for an unknown id, and changes nothing', async () => {
    const { id, temperature, yielded, runs } = await planned();
    const stranger = await api.signedIn();
    const mine = await planned(stranger);
    const before = await versionOf(id);
    const parts = ['', '/parameters', `/parameters/${temperature.id}`, '/responses', `/responses/${yielded.id}`, '/runs', `/runs/${runs[0]!.id}`, '/results', '/literature-data', '/shares', '/versions', '/versions/1'];
    for (const part of parts) {
      const { body } = await stranger.get(`/experiments/${id}${part}`).expect(404);
      const { body: unknown } = await stranger.get(`/experiments/${newId()}${part}`).expect(404);
      expect((body as { code: string }).code).toBe((unknown as { code: string }).code);
    }
    await stranger.post(`/experiments/${id}/results`, { run: 1, response: 'Yield', value: 1 }).expect(404);
    await stranger.patch(`/experiments/${id}/runs/${runs[0]!.id}`, { status: 'ok' }).expect(404);
    await stranger.delete(`/experiments/${id}`).expect(404);
    // Nor does a row of it exist inside an experiment of one's own.
    await stranger.patch(`/experiments/${mine.id}/parameters/${temperature.id}`, { high: 90 }).expect(404);
    await stranger.post(`/experiments/${mine.id}/results`, { run: runs[0]!.id, response: 'Yield', value: 1 }).expect(422);
    expect(await versionOf(id)).toBe(before);
  });

  it('is shared for viewing or editing by its owner alone', async () => {
    const { id } = await planned();
    const friend = await api.signedIn();
    await owner.post(`/experiments/${id}/shares`, { username: friend.user.username, role: 'viewer' }).expect(201);
    expect((await friend.get(`/experiments/${id}`).expect(200)).body).toMatchObject({ role: 'viewer' });
    expect((await friend.post(`/experiments/${id}/parameters`, { name: 'pH', kind: 'continuous', low: 5, high: 7 }).expect(403)).body).toMatchObject({ code: 'experiments.view-only' });
    await owner.post(`/experiments/${id}/shares`, { username: friend.user.username, role: 'editor' }).expect(201);
    await friend.patch(`/experiments/${id}`, { objective: 'More of it' }).expect(200);
    expect((await friend.post(`/experiments/${id}/shares`, { username: owner.user.username, role: 'viewer' }).expect(403)).body).toMatchObject({ code: 'experiments.owner-only' });
    await friend.delete(`/experiments/${id}`).expect(403);
    expect((await friend.get('/experiments').expect(200)).body).toMatchObject({ data: [{ id, role: 'editor' }] });
    await owner.delete(`/experiments/${id}/shares/${friend.user.id}`).expect(200);
    await friend.get(`/experiments/${id}`).expect(404);
  });

  it('is not shared with somebody who is erased at the same moment', async () => {
    const { id } = await planned();
    const friend = await api.signedIn();
    const users = api.app.get(UsersService);
    const findByLogin = users.findByLogin.bind(users);
    const found = jest.spyOn(users, 'findByLogin').mockImplementationOnce(async (login) => {
      const known = await findByLogin(login);
      await api.app.get(AccountRemoval).erase(SYSTEM, friend.user.id, 'as asked');
      return known;
    });
    const { body } = await owner.post(`/experiments/${id}/shares`, { username: friend.user.username, role: 'viewer' }).expect(404);
    found.mockRestore();
    expect(body).toMatchObject({ code: 'user.not-found' });
  });

  it('keeps every measured value: a correction stands beside what it corrects, and one of two at once is refused', async () => {
    const { id } = await planned();
    const { body } = await owner.post(`/experiments/${id}/results`, { run: 1, response: 'Yield', value: 615 }).expect(201);
    const wrong = body as Row;
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => owner.post(`/experiments/${id}/results/${wrong.id}/correct`, { value: 61 + n, reason: 'A point was forgotten' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { body: list } = await owner.get(`/experiments/${id}/results`).expect(200);
    expect((list as { data: object[] }).data).toMatchObject([{ value: 615 }, { correctsId: wrong.id, reason: 'A point was forgotten' }]);
    expect((await owner.post(`/experiments/${id}/results`, { run: 1, response: 'Yield', value: 1 }).expect(422)).body).toMatchObject({ code: 'experiments.result-repeat' });
    await owner.post(`/experiments/${id}/results`, { run: 1, repeat: 2, response: 'Yield', value: 62 }).expect(201);
  });

  it('lets nothing vanish that something rests on', async () => {
    const { id, temperature, yielded, runs } = await planned();
    await owner.post(`/experiments/${id}/results`, { run: 1, response: 'Yield', value: 61 }).expect(201);
    for (const path of [`parameters/${temperature.id}`, `responses/${yielded.id}`, `runs/${runs[0]!.id}`]) {
      expect((await owner.delete(`/experiments/${id}/${path}`).expect(409)).body).toMatchObject({ code: 'experiments.in-use' });
    }
    await expect(api.db.query(`DELETE FROM experiment_runs WHERE id = '${runs[0]!.id}'`)).rejects.toThrow();
    await expect(api.db.query(`DELETE FROM experiment_parameters WHERE id = '${temperature.id}'`)).rejects.toThrow();
    await owner.delete(`/experiments/${id}/runs/${runs[1]!.id}`).expect(200);
  });

  it.each([
    ['parameters', { name: 'Stirring', kind: 'continuous', low: 5, high: 5 }, 'experiments.factor-constant'],
    ['parameters', { name: 'Stirring', kind: 'categorical', levels: ['on'] }, 'experiments.factor-one-level'],
    ['parameters', { name: 'Temperature', kind: 'continuous', low: 5, high: 6 }, 'experiments.name-taken'],
    ['responses', { name: 'Purity', goal: 'target', low: 90, high: 99, target: 80 }, 'experiments.goal'],
    ['runs', { settings: { Temperature: 60 } }, 'experiments.setting-missing'],
    ['runs', { settings: { Temperature: 60, Catalyst: 'C' } }, 'experiments.setting-unknown-level'],
    ['runs', { settings: { Temperature: 'hot', Catalyst: 'A' } }, 'experiments.setting-not-a-number'],
    ['runs', { settings: { Temperature: 60, Catalyst: 'A' }, status: 'failed' }, 'experiments.reason-missing'],
    ['results', { run: 9, response: 'Yield', value: 1 }, 'experiments.result-run'],
    ['results', { run: 1, response: 'Mass', value: 1 }, 'experiments.result-response'],
    ['results', { run: 1, response: 'Yield', value: 'much' }, 'validation.failed'],
    ['literature-data', { source: 'A paper', response: 'Yield', settings: { Temperature: 60, Catalyst: 'A' }, value: 60, weight: 2 }, 'validation.failed'],
  ])('refuses in %s what means nothing: %j', async (path, body, code) => {
    const { id } = await planned();
    const before = await versionOf(id);
    const { body: answer, status } = await owner.post(`/experiments/${id}/${path}`, body);
    expect(answer).toMatchObject({ code });
    expect([400, 409, 422]).toContain(status);
    expect(await versionOf(id)).toBe(before);
  });

  it('writes many rows or none', async () => {
    const { id } = await planned();
    await owner.post(`/experiments/${id}/results/bulk`, { items: [{ run: 1, response: 'Yield', value: 1 }, { run: 7, response: 'Yield', value: 2 }] }).expect(422);
    expect((await owner.get(`/experiments/${id}/results`).expect(200)).body).toMatchObject({ data: [] });
    const runs = Array.from({ length: 600 }, (_, n) => ({ settings: { Temperature: 60 + n / 30, Catalyst: n % 2 ? 'A' : 'B' } }));
    await owner.post(`/experiments/${id}/runs/bulk`, { items: runs }).expect(201);
    const { body } = await owner.get(`/experiments/${id}/runs?number_gte=602&limit=100`).expect(200);
    expect((body as { data: object[] }).data).toMatchObject([{ number: 602, settings: { Temperature: 60 + 599 / 30, Catalyst: 'A' } }]);
  });

  describe('has versions', () => {
    it('one a change, of which each can be read as it was, compared and brought back', async () => {
      const { id, temperature, runs } = await planned();
      const then = await versionOf(id);
      await owner.patch(`/experiments/${id}/parameters/${temperature.id}`, { name: 'Heat', high: 95 }).expect(200);
      await owner.patch(`/experiments/${id}/runs/${runs[0]!.id}`, { actual: { Heat: 61.5 }, status: 'suspect', note: 'The thermostat drifted' }).expect(200);
      await owner.delete(`/experiments/${id}/runs/${runs[1]!.id}`).expect(200);
      await owner.patch(`/experiments/${id}`, { title: 'Another' }).expect(200);
      const now = await versionOf(id);
      expect(now).toBe(then + 4);
      const { body: old } = await owner.get(`/experiments/${id}/versions/${then}`).expect(200);
      const { parameter, run, experiment } = (old as { state: Record<string, object[]> }).state as { parameter: object[]; run: object[]; experiment: object[] };
      expect(parameter).toMatchObject([{ name: 'Temperature', high: 80 }, { name: 'Catalyst' }]);
      expect(run).toHaveLength(2);
      expect(experiment).toMatchObject([{ title: 'Yield of the second step' }]);
      const { body: restored } = await owner.post(`/experiments/${id}/versions/${then}/restore`, {}).expect(200);
      expect(restored).toMatchObject({ version: now + 1, kept: [] });
      expect((await owner.get(`/experiments/${id}/versions/${then}/diff?with=${now + 1}`).expect(200)).body).toMatchObject({ changes: [] });
      expect((await owner.get(`/experiments/${id}/runs/${runs[1]!.id}`).expect(200)).body).toMatchObject({ number: 2, settings: { Temperature: 80, Catalyst: 'B' } });
      expect((await owner.get(`/experiments/${id}/runs/${runs[0]!.id}`).expect(200)).body).toMatchObject({ status: 'planned', actual: {} });
    });

    it('of which none takes back what was measured, nor what that rests on', async () => {
      const { id } = await planned();
      const then = await versionOf(id);
      const { body: run } = await owner.post(`/experiments/${id}/runs`, { settings: { Temperature: 70, Catalyst: 'A' } }).expect(201);
      await owner.post(`/experiments/${id}/results`, { run: 3, response: 'Yield', value: 70 }).expect(201);
      const { body } = await owner.post(`/experiments/${id}/versions/${then}/restore`, {}).expect(200);
      expect((body as { kept: object[] }).kept).toContainEqual({ kind: 'run', key: (run as Row).id });
      expect((await owner.get(`/experiments/${id}/results`).expect(200)).body).toMatchObject({ data: [{ value: 70 }] });
    });

    it('counted without a gap when many change it at once', async () => {
      const { id } = await planned();
      const before = await versionOf(id);
      await Promise.all(Array.from({ length: 10 }, () => owner.post(`/experiments/${id}/runs`, { settings: { Temperature: 70, Catalyst: 'A' } }).expect(201)));
      const { body } = await owner.get(`/experiments/${id}/versions?limit=100`).expect(200);
      expect((body as { data: { number: number }[] }).data.map(({ number }) => number)).toEqual(Array.from({ length: before + 10 }, (_, n) => before + 10 - n));
      const { body: runs } = await owner.get(`/experiments/${id}/runs?limit=100`).expect(200);
      expect((runs as { data: { number: number }[] }).data.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    });
  });
});
