import { randomBytes } from 'node:crypto';

/**
 * node scripts/smoke.js URL: plays the main job through a running Provost whose registration is open, with an account that it makes and
 * deletes again. Ends with 1 at the first answer that is not as it should be.
 */
const base = process.argv[2];
if (!base) {
  console.error('Usage: node scripts/smoke.js http://127.0.0.1:3000');
  process.exit(2);
}

const name = `smoke-${randomBytes(4).toString('hex')}`;
const password = randomBytes(18).toString('base64url');

async function call(expected, method, path, body, credential) {
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(credential && { authorization: `Bearer ${credential}` }) };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(15_000) });
  const text = await answer.text();
  if (answer.status !== expected) throw new Error(`${method} ${path} was answered with ${answer.status}, not ${expected}: ${text.slice(0, 500)}`);
  return text === '' ? {} : JSON.parse(text);
}

const api = (expected, method, path, body, credential) => call(expected, method, `/api/v1${path}`, body, credential);
const expectThat = (holds, what) => {
  if (!holds) throw new Error(`It is not so that ${what}.`);
};

try {
  await call(200, 'GET', '/health/ready');
  await api(201, 'POST', '/auth/register', { email: `${name}@example.org`, username: name, password });
  const { accessToken } = await api(200, 'POST', '/auth/login', { login: name, password });
  const { key } = await api(201, 'POST', '/users/me/api-keys', { name: 'smoke test' }, accessToken);
  const { limits } = await api(200, 'POST', '/usage/consume', { conversations: 1 }, key);
  expectThat(limits.some(({ used }) => used === 1), 'one conversation was counted');
  const log = { id: 'smoke', model: 'none', messages: [{ role: 'user', content: 'Is anybody there?' }] };
  expectThat((await api(202, 'POST', '/message-logs', log, key)).accepted === 1, 'a message log was accepted');
  expectThat((await api(202, 'POST', '/message-logs', log, key)).duplicates === 1, 'the same message log was known the second time');
  const { data } = await api(200, 'GET', '/message-logs?include=messages', undefined, key);
  expectThat(data[0]?.messages?.[0]?.content === 'Is anybody there?', 'the message log can be read');
  await api(200, 'DELETE', '/users/me', { password }, accessToken);
  await api(401, 'GET', '/usage', undefined, key);
  console.log(`The main job works at ${base}: account, key, limit, message log, deletion.`);
} catch (error) {
  console.error(`Smoke test: ${error.message}`);
  process.exitCode = 1;
}
