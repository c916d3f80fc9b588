import { AuditChain } from '../src/audit/audit-chain.js';
import { AuditCheckpoints } from '../src/audit/audit-checkpoints.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { type AuditReport, AuditVerification } from '../src/audit/audit-verification.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { AccountRemoval } from '../src/auth/account/account-removal.js';
import { Api } from './support/api.js';
import { cli } from './support/built.js';

describe('the audit trail', () => {
  let api: Api;

  beforeEach(async () => {
    api = await Api.start();
    // Each user leaves a row, and one more by a change of the profile: some hundred over all lanes.
    for (let i = 0; i < 4; i += 1) {
      const user = await api.signedIn();
      await Promise.all(Array.from({ length: 12 }, (_, n) => user.patch('/users/me', { name: `Name ${n}` }).expect(200)));
    }
  });

  afterEach(() => api.close());

  const verify = (): Promise<AuditReport> => api.app.get(AuditVerification).verify();
  const checkpoint = () => api.app.get(AuditCheckpoints).take();
  const sql = (statement: string, values: unknown[] = []): Promise<unknown> => api.db.query(statement, values as never[]);
  const rows = (): Promise<AuditEvent[]> => api.db.find(AuditEvent, { order: { id: 'ASC' } });
  /** The last row of the longest lane, and the row before it. */
  async function tail(): Promise<[before: AuditEvent, last: AuditEvent]> {
    const all = (await rows()).sort((a, b) => a.seq! - b.seq!);
    const last = all.at(-1)!;
    return [all.find(({ lane, seq }) => lane === last.lane && seq === last.seq! - 1)!, last];
  }

  it('proves itself, however many changes were made at once', async () => {
    expect(await verify()).toEqual({ ok: true, rows: (await rows()).length, checkpoints: 0, firstFault: null, faults: [] });
    expect(new Set((await rows()).map(({ lane }) => lane)).size).toBeGreaterThan(5);
    await checkpoint();
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 1 });
  });

  it.each([
    ['reason', "UPDATE audit_events SET reason = 'nothing to see' WHERE id = ?"],
    ['actor', "UPDATE audit_events SET actor_id = NULL WHERE id = ?"],
    ['time', "UPDATE audit_events SET at = '2020-01-01 00:00:00.000' WHERE id = ?"],
    ['change', "UPDATE audit_events SET `after` = '{}' WHERE id = ?"],
  ])('names a row whose %s was edited', async (_, statement) => {
    const victim = (await rows())[17]!;
    await sql(statement, [victim.id]);
    const { ok, firstFault, faults } = await verify();
    expect(ok).toBe(false);
    expect(firstFault).toMatchObject({ kind: 'edited', id: victim.id, lane: victim.lane, seq: victim.seq });
    expect(faults).toHaveLength(1);
  });

  it('names the place of a row that was removed, and the row that follows', async () => {
    const [before, last] = await tail();
    await sql('DELETE FROM audit_events WHERE id = ?', [before.id]);
    expect((await verify()).faults).toEqual([expect.objectContaining({ kind: 'removed', id: last.id, lane: last.lane, seq: before.seq })]);
  });

  it('notices rows that were cut off the end, also with the end of the lane put back to match', async () => {
    const [before, last] = await tail();
    await checkpoint();
    await sql('DELETE FROM audit_events WHERE id = ?', [last.id]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'cut-off', lane: last.lane, seq: last.seq });
    await sql('UPDATE audit_lanes SET seq = ?, hash = ? WHERE lane = ?', [before.seq, before.hash, before.lane]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'cut-off', lane: last.lane, seq: last.seq });
  });

  it('notices a chain that was computed anew by somebody who can write to the database', async () => {
    const [, last] = await tail();
    const forged = last.hash!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    await sql("UPDATE audit_events SET reason = 'forged', hash = ? WHERE id = ?", [forged, last.id]);
    await sql('UPDATE audit_lanes SET hash = ? WHERE lane = ?', [forged, last.lane]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'forged', id: last.id });
  });

  it('notices a row that was written past the chain', async () => {
    await api.db.insert(AuditEvent, { id: '01900000-0000-7000-8000-000000000000', at: api.clock.now(), actorKind: 'admin', action: 'admins.create' });
    expect((await verify()).firstFault).toMatchObject({ kind: 'outside', id: '01900000-0000-7000-8000-000000000000' });
  });

  it('notices checkpoints that were changed or removed', async () => {
    await checkpoint();
    const user = await api.signedIn();
    await user.patch('/users/me', { name: 'Later' }).expect(200);
    await checkpoint();
    await sql('DELETE FROM audit_checkpoints WHERE number = 2');
    expect((await verify()).firstFault).toMatchObject({ kind: 'checkpoint', detail: expect.stringContaining('2') });
    await sql("UPDATE audit_checkpoints SET heads = '[]' WHERE number = 1");
    expect((await verify()).faults.some(({ kind, detail }) => kind === 'checkpoint' && detail.startsWith('Checkpoint 1'))).toBe(true);
  });

  it('signs nothing when nothing happened, and one statement when two instances sign at once', async () => {
    const [first, second] = await Promise.all([checkpoint(), checkpoint()]);
    expect(second!.number).toBe(first!.number);
    expect((await checkpoint())!.number).toBe(1);
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 1 });
  });

  it('goes on proving itself after a user was erased with what told of them, and nobody else can take details away', async () => {
    const user = await api.signedIn();
    await user.patch('/users/me', { name: 'Somebody Particular' }).expect(200);
    await checkpoint();
    await api.app.get(AccountRemoval).erase(SYSTEM, user.user.id, 'asked for');
    const about = (await rows()).filter(({ actorId, action }) => actorId === user.user.id && action !== 'users.erase');
    expect(about.length).toBeGreaterThan(0);
    expect(about.every(({ before, after, ip, salt }) => before === null && after === null && ip === null && salt === null)).toBe(true);
    expect(await verify()).toMatchObject({ ok: true });
    const other = (await rows()).find(({ after, actorId }) => after !== null && actorId !== user.user.id)!;
    await sql('UPDATE audit_events SET `before` = NULL, `after` = NULL, ip = NULL, salt = NULL WHERE id = ?', [other.id]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'edited', id: other.id });
  });

  it('takes rows in that were written before there were chains', async () => {
    await sql('UPDATE audit_events SET lane = NULL, seq = NULL, hash = NULL, mac = NULL, salt = NULL, details_hash = NULL');
    await sql("UPDATE audit_lanes SET seq = 0, hash = ''");
    expect((await verify()).ok).toBe(false);
    await api.app.get(AuditChain).onModuleInit();
    expect(await verify()).toMatchObject({ ok: true, rows: (await rows()).length });
  });

  it('has no row of a change that was rolled back', async () => {
    const user = await api.signedIn();
    const other = await api.signedIn();
    const before = (await rows()).length;
    await user.patch('/users/me', { username: other.user.username }).expect(409);
    expect(await verify()).toMatchObject({ ok: true, rows: before });
  });

  it('is verified by the command line, which fails and names the row', async () => {
    const environment = { DATA_DIR: api.settings.dataDir, DATABASE_URL: api.settings.databaseUrl ?? '' };
    const fine = await cli(['audit', 'verify'], environment);
    expect(fine).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was edited') });
    const victim = (await rows())[9]!;
    await sql("UPDATE audit_events SET reason = 'x' WHERE id = ?", [victim.id]);
    const bad = await cli(['audit', 'verify'], environment);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain(victim.id);
  });
});
