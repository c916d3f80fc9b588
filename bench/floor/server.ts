import { createHash, createPublicKey, generateKeyPairSync, sign, verify as verifySignature } from 'node:crypto';
import { verify as verifyPassword } from '@node-rs/argon2';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId } from '../../src/platform/ids/ids.js';
import type { Address } from '../database.js';
import { EmbeddedStore } from './embedded-store.js';
import { MysqlStore } from './mysql-store.js';
import type { Store } from './store.js';
import { FLOOR_DAY } from './tables.js';

/*
 * What Provost is measured against: bare Fastify that does the same with one prepared statement a request. No framework,
 * no validation, no batches, no caches. Run as `node server.js '{"address":…,"publicKey":"PEM"}'`.
 */
const { address, publicKey } = JSON.parse(process.argv[2]!) as { address: Address; publicKey: string };
const store: Store = 'url' in address ? new MysqlStore(address.url) : new EmbeddedStore(address.file);
const key = createPublicKey(publicKey);
const app = Fastify();

app.get('/hello', () => ({ status: 'ok', checks: {}, version: '0.1.0', uptimeSeconds: Math.round(process.uptime()) }));
verify(app);
me(app);
consume(app);
messageLogs(app);
signIn(app);
signInStored(app);
lists(app);
process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);

function verify(server: FastifyInstance): void {
  server.post<{ Body: { apiKey: string } }>('/verify', async ({ body }) => {
    const hash = createHash('sha256').update(body.apiKey).digest();
    const [row] = await store.rows('SELECT user_id, scopes, plan FROM floor_keys WHERE hash = ?', [hash]);
    return row ? { active: true, subject: row[0], kind: 'user', scopes: (row[1] as string).split(' '), plan: row[2] } : { active: false };
  });
}

function me(server: FastifyInstance): void {
  server.get('/me', async ({ headers }, reply) => {
    const [head, payload, signature] = headers.authorization!.slice(7).split('.') as [string, string, string];
    const genuine = verifySignature('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string; exp: number };
    if (!genuine || claims.exp * 1000 < Date.now()) return reply.code(401).send();
    const [row] = await store.rows('SELECT user_id, username, email FROM floor_sessions WHERE id = ? AND ended = 0', [claims.sid]);
    return row ? { user: { id: row[0], username: row[1], email: row[2] }, session: { id: claims.sid } } : reply.code(401).send();
  });
}

function consume(server: FastifyInstance): void {
  server.post<{ Body: { userId: string } }>('/consume', async ({ body }, reply) => {
    const granted = await store.change('UPDATE floor_usage SET used = used + 1 WHERE user_id = ? AND day = ? AND used < allowed', [body.userId, FLOOR_DAY]);
    return granted === 1 ? { granted: true } : reply.code(429).send({ granted: false });
  });
}

function messageLogs(server: FastifyInstance): void {
  server.post<{ Body: { userId: string; model: string; messages: object[] } }>('/message-logs', async ({ body }, reply) => {
    await store.change('INSERT INTO floor_logs (user_id, model, messages) VALUES (?, ?, ?)', [body.userId, body.model, JSON.stringify(body.messages)]);
    return reply.code(202).send({ accepted: 1 });
  });
}

function signIn(server: FastifyInstance): void {
  server.post<{ Body: { login: string; password: string } }>('/sign-in', async ({ body }, reply) => {
    const [row] = await store.rows('SELECT user_id, hash FROM floor_passwords WHERE username = ?', [body.login]);
    const genuine = row !== undefined && (await verifyPassword(row[1] as string, body.password));
    return genuine ? { user: { id: row[0] } } : reply.code(401).send();
  });
}

/** With what makes a sign-in one that can be ended and proven: a session and a row of evidence in one transaction, and a token of it. */
function signInStored(server: FastifyInstance): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  server.post<{ Body: { login: string; password: string } }>('/sign-in-stored', async ({ body, ip, headers }, reply) => {
    const [row] = await store.rows('SELECT user_id, hash FROM floor_passwords WHERE username = ?', [body.login]);
    if (row === undefined || !(await verifyPassword(row[1] as string, body.password))) return reply.code(401).send();
    const [sid, now] = [newId(), Date.now()];
    await store.changeTogether([
      ['INSERT INTO floor_signed_in (id, user_id, expires_at, ip, user_agent) VALUES (?, ?, ?, ?, ?)', [sid, row[0], now + 86_400_000, ip, headers['user-agent'] ?? '']],
      ['INSERT INTO floor_sign_ins (id, user_id, at, ok) VALUES (?, ?, ?, ?)', [newId(), row[0], now, 1]],
    ]);
    const text = [{ alg: 'ES256' }, { sub: row[0], sid }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return { accessToken: `${text}.${signature.toString('base64url')}` };
  });
}

const PAGE = 'SELECT id, username, email, name, status, time_zone, created_at, updated_at, version FROM users';

/** Pages of 50 users: the last who came, those before a place, and those whose name begins with a text. */
function lists(server: FastifyInstance): void {
  server.get('/users', async () => people(await store.rows(`${PAGE} ORDER BY created_at DESC, id DESC LIMIT 50`, [])));
  server.get<{ Querystring: { at: string; id: string } }>('/users-before', async ({ query }) => {
    const at = new Date(Number(query.at));
    return people(await store.rows(`${PAGE} WHERE created_at <= ? AND (created_at < ? OR id < ?) ORDER BY created_at DESC, id DESC LIMIT 50`, [at, at, query.id]));
  });
  server.get<{ Querystring: { q: string } }>('/users-named', async ({ query }) => {
    return people(await store.rows(`${PAGE} WHERE username_key >= ? AND username_key < ? ORDER BY username_key LIMIT 50`, [query.q, `${query.q}\u{10FFFF}`]));
  });
}

function people(rows: readonly (readonly unknown[])[]): object[] {
  return rows.map(([id, username, email, name, status, timeZone, createdAt, updatedAt, version]) => ({ id, username, email, name, status, timeZone, createdAt, updatedAt, version }));
}
