import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Keyring } from '../src/platform/crypto/keyring.js';
import { WrappedColumns } from '../src/platform/crypto/wrapped-columns.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { MailDelivery } from '../src/platform/mail/mail-delivery.js';
import { MailQueue } from '../src/platform/mail/mail-queue.js';
import { MailStatus, OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';
import { BuiltService } from './support/built.js';
import { FixedClock } from './support/fixed-clock.js';
import { outboxOf, sendMails, SmtpServer, tokenIn } from './support/smtp.js';
import { until } from './support/until.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

const newAddress = () => `${uniqueName('reader')}@example.org`;
const queueTo = (api: Api, to: string, subject = 'Hello', text = 'Text.') => api.db.transaction((tx) => api.app.get(MailQueue).queue(tx, { to, subject, text }));
const newest = async (api: Api): Promise<OutgoingMail> => {
  const [row] = await api.db.find(OutgoingMail, { order: { id: 'DESC' }, take: 1 });
  return row!;
};

describe('mail to a server', () => {
  let server: SmtpServer;
  let api: Api;
  beforeAll(async () => {
    server = await SmtpServer.start();
    api = await Api.start({ smtpUrl: server.url, mailFrom: 'Kitchen Lab <lab@kitchen.example>' });
  });
  afterAll(async () => {
    await api.close();
    await server.stop();
  });
  beforeEach(async () => {
    await sendMails(api);
    await server.answer('accept');
    await server.forget();
  });

  it('arrives once, as plain text from the sender that is set, and the link in it works', async () => {
    const { user } = await api.signedIn();
    await sendMails(api);
    await sendMails(api);
    const mails = await server.received(user.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      envelope: { from: 'lab@kitchen.example', to: [user.email] },
      from: { name: 'Kitchen Lab', address: 'lab@kitchen.example' },
      to: [{ address: user.email }],
    });
    await api.anyone.post('/auth/email/verify', { token: tokenIn(mails) }).expect(200);
  });

  it('arrives as it was written, in any script', async () => {
    const to = newAddress();
    await queueTo(api, to, 'Grüße – 你好', 'Zeile eins.\n.\n日本語 😀\n');
    await sendMails(api);
    const [mail] = await server.received(to);
    expect(mail).toMatchObject({ subject: 'Grüße – 你好', text: 'Zeile eins.\n.\n日本語 😀\n' });
  });

  it('is not sent when the transaction that queued it is rolled back', async () => {
    const to = newAddress();
    const failing = api.db.transaction(async (tx) => {
      await api.app.get(MailQueue).queue(tx, { to, subject: 'Never', text: 'Never.' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await sendMails(api);
    expect(await server.received(to)).toEqual([]);
  });

  it.each(['Hello\r\nBcc: spy@evil.example', 'Hello\nBcc: spy@evil.example\n\nAnother body', 'Hello\u2028Bcc: spy@evil.example\u0000'])('has no header that a subject smuggled in: %j', async (subject) => {
    const to = newAddress();
    await queueTo(api, to, subject);
    await sendMails(api);
    const [mail] = await server.received(to);
    expect(mail!.envelope.to).toEqual([to]);
    expect(mail!.bcc ?? []).toEqual([]);
    expect(mail!.raw).not.toMatch(/^bcc:/im);
    expect(mail!.text?.trim()).toBe('Text.');
  });

  it.each(['a@example.org\r\nBcc: spy@evil.example', 'a@example.org, spy@evil.example', '<spy@evil.example> a@example.org', 'a@example.org>\r\nRCPT TO:<spy@evil.example', 'nobody'])('is not sent to the address %j; the request goes on and the row tells', async (to) => {
    await queueTo(api, to);
    await sendMails(api);
    expect(await newest(api)).toMatchObject({ status: 'failed', sealed: null, lastError: 'The address cannot be used.' });
    expect(await server.attempts()).toBe(0);
  });

  it('never begins for a registration whose address or name would write headers', async () => {
    const username = uniqueName();
    const request = { username, email: `${username}@example.org`, password: PASSWORD };
    for (const email of [`${username}@example.org\r\nBcc: spy@evil.example`, `${username}@example.org\nBcc:x@y.org`, `"a\r\nb"@example.org`, `${username}@example.org,spy@evil.example`]) {
      await api.anyone.post('/auth/register', { ...request, email }).expect(400);
      await api.anyone.post('/auth/password/forgot', { email: `${email}\r\n` });
    }
    await api.anyone.post('/auth/register', { ...request, name: 'Ada\r\nBcc: spy@evil.example' }).expect(400);
    await sendMails(api);
    expect(await server.attempts()).toBe(0);
  });

  it('waits while the server is down: requests are answered at once, and it arrives when the server is back', async () => {
    await server.goAway();
    const { user } = await api.signedIn();
    expect(await newest(api)).toMatchObject({ status: 'waiting', attempts: 0 });
    await sendMails(api);
    expect(await newest(api)).toMatchObject({ status: 'waiting', attempts: 1, lastError: expect.stringContaining('ECONNREFUSED') });
    await server.comeBack();
    await sendMails(api);
    expect(await server.received(user.email)).toEqual([]);
    api.clock.advanceSeconds(13);
    await sendMails(api);
    expect(await server.received(user.email)).toHaveLength(1);
  });

  it('is tried again when the server says "not now", later each time, with the same Message-ID', async () => {
    const to = newAddress();
    await queueTo(api, to);
    await server.answer('defer');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await sendMails(api);
      const { attempts, dueAt, status } = await newest(api);
      expect({ attempts, status }).toEqual({ attempts: attempt, status: MailStatus.Waiting });
      waits.push((dueAt.getTime() - api.clock.millis()) / 1000);
      api.clock.advanceSeconds(waits.at(-1)!);
    }
    [10, 20, 40, 80, 160].forEach((wait, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(wait);
      expect(waits[index]).toBeLessThanOrEqual(wait * 1.2);
    });
    expect((await newest(api)).lastError).not.toContain(to.split('@')[0]);
    await server.answer('accept');
    await sendMails(api);
    const [mail] = await server.received(to);
    expect(mail!.messageId).toBe(`<${(await newest(api)).id}@kitchen.example>`);
  });

  it('is given up after a day, and is gone from the row', async () => {
    await queueTo(api, newAddress());
    await server.answer('defer');
    for (let hour = 0; hour < 40; hour += 1) {
      await sendMails(api);
      api.clock.advanceSeconds(1.3 * HOUR);
    }
    const row = await newest(api);
    expect(row).toMatchObject({ status: 'failed', sealed: null, lastError: expect.stringContaining('not now') });
    expect(row.finishedAt!.getTime() - row.createdAt.getTime()).toBeLessThanOrEqual(DAY * 1000);
  });

  it('is given up at once when the server refuses it for good', async () => {
    const to = newAddress();
    await queueTo(api, to);
    await server.answer('refuse');
    await sendMails(api);
    expect(await newest(api)).toMatchObject({ status: 'failed', attempts: 1, sealed: null, lastError: expect.stringContaining('no such user') });
    api.clock.advanceSeconds(DAY);
    await sendMails(api);
    expect(await server.attempts()).toBe(1);
  });

  it('is sent once by two processes that look at the same moment', async () => {
    const addresses = Array.from({ length: 12 }, newAddress);
    for (const to of addresses) await queueTo(api, to);
    const rows = await api.db.findBy(OutgoingMail, { status: MailStatus.Waiting });
    const delivery = api.app.get(MailDelivery);
    const outcomes = await Promise.all([...rows, ...rows.map((row) => ({ ...row }))].map((row) => delivery.attempt(row)));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(12);
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(12);
    for (const to of addresses) expect(await server.received(to)).toHaveLength(1);
  });

  it('changes nothing any more when its sender was overtaken after its lease', async () => {
    await queueTo(api, newAddress());
    const row = await newest(api);
    await server.answer('hang');
    const slow = api.app.get(MailDelivery).attempt({ ...row });
    await until(async () => (await server.attempts()) === 1);
    api.clock.advanceSeconds(121);
    await api.db.update(OutgoingMail, { id: row.id }, { attempts: 7 });
    await server.goAway();
    await slow;
    expect(await newest(api)).toMatchObject({ attempts: 7, lastError: null, status: 'waiting' });
    await server.comeBack();
  });

  it('shows in the metrics: how many wait, for how long, and what became of the others', async () => {
    await queueTo(api, newAddress());
    api.clock.advanceSeconds(90);
    const read = async (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await api.anyone.get('/metrics').expect(200)).text)?.[1]);
    expect(await read('provost_mails_waiting')).toBe(1);
    expect(await read('provost_mails_oldest_waiting_seconds')).toBe(90);
    const sent = await read('provost_mails_total{outcome="sent"}');
    await sendMails(api);
    expect(await read('provost_mails_total{outcome="sent"}')).toBe(sent + 1);
    expect(await read('provost_mails_waiting')).toBe(0);
    expect(await read('provost_mails_oldest_waiting_seconds')).toBe(0);
  });

  it('is among what a rotation of the master key wraps anew while it waits', async () => {
    const to = newAddress();
    await queueTo(api, to);
    const { id, sealed } = await newest(api);
    const { context } = api.app.get(WrappedColumns).list().find(({ table, column }) => table === 'outgoing_mails' && column === 'sealed')!;
    const opened = api.app.get(Keyring).unwrap(sealed!, context(id));
    await api.db.update(OutgoingMail, { id }, { sealed: api.app.get(Keyring).wrap(opened, context(id)) });
    await sendMails(api);
    expect(await server.received(to)).toHaveLength(1);
  });

  it('is forgotten 30 days after it was sent', async () => {
    await queueTo(api, newAddress());
    await sendMails(api);
    api.clock.advanceSeconds(29 * DAY);
    await queueTo(api, newAddress());
    await sendMails(api);
    api.clock.advanceSeconds(DAY + 180);
    await api.app.get(Jobs).run('mail.purge');
    expect(await api.db.count(OutgoingMail)).toBe(1);
  });
});

describe('mail without a server', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('becomes a file that only its owner can read, and nothing half-written stays', async () => {
    const { user } = await api.signedIn();
    const [mail] = await outboxOf(api, user.email);
    expect(mail).toMatchObject({ to: [{ address: user.email }], text: expect.stringContaining('/verify-email?token=') });
    const folder = join(api.settings.dataDir, 'outbox');
    const [file, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(folder, file!), 'utf8')).toContain('Message-ID: <');
  });

  it('does nothing by itself where background work is off', async () => {
    const { user } = await api.signedIn();
    expect(existsSync(join(api.settings.dataDir, 'outbox'))).toBe(true);
    expect(await api.db.findOneByOrFail(OutgoingMail, { principalId: user.id })).toMatchObject({ status: 'waiting', attempts: 0 });
  });
});

describe('mail of services in processes of their own', () => {
  let server: SmtpServer;
  let api: Api;
  let services: BuiltService[] = [];
  beforeAll(async () => {
    server = await SmtpServer.start();
    api = await Api.start({ smtpUrl: server.url }, new FixedClock(Date.now()));
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    services = [];
  });
  afterAll(async () => {
    await api.close();
    await server.stop();
  });

  const begin = async () => {
    const { dataDir, databaseUrl } = api.settings;
    const service = await BuiltService.start({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? '', SMTP_URL: server.url, FIRST_ADMIN: 'false' });
    services.push(service);
    return service;
  };

  it('leaves by itself soon after the commit, and each mail once however many processes look', async () => {
    const addresses = Array.from({ length: 20 }, newAddress);
    for (const to of addresses) await queueTo(api, to);
    await Promise.all([begin(), begin()]);
    await until(async () => (await server.received()).length >= 20);
    await until(async () => (await api.db.countBy(OutgoingMail, { status: MailStatus.Waiting })) === 0);
    expect((await server.received()).flatMap(({ envelope }) => envelope.to).sort()).toEqual([...addresses].sort());
  }, 120_000);

  it('is not lost when its sender is killed in the middle: another sends it after the lease, with the same Message-ID', async () => {
    const to = newAddress();
    await server.forget();
    await server.answer('hang');
    const service = await begin();
    await queueTo(api, to);
    await until(async () => (await server.received(to)).length === 1);
    await service.stop('SIGKILL');
    services = [];
    await server.answer('accept');
    await sendMails(api);
    expect(await server.received(to)).toHaveLength(1);
    api.clock.set((await newest(api)).dueAt.toISOString());
    await sendMails(api);
    const [killed, sent, ...more] = await server.received(to);
    expect(more).toEqual([]);
    expect(sent!.messageId).toBe(killed!.messageId);
    expect(await newest(api)).toMatchObject({ status: 'sent', attempts: 2 });
  }, 120_000);
});
