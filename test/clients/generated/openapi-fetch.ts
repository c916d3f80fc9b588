import createClient from 'openapi-fetch';
import type { paths } from './provost.js';

/** The main job with a client whose types `openapi-typescript` made; test/generated-clients.kit-spec.ts compiles and runs it. */
const baseUrl = process.env.PROVOST_URL ?? 'http://127.0.0.1:3000';
const [username, password] = ['grace', 'nanoseconds of copper wire'];

const anyone = createClient<paths>({ baseUrl });
await anyone.POST('/api/v1/auth/register', { body: { username, password, email: 'grace@example.org' } });
const { data: signedIn, error: refused } = await anyone.POST('/api/v1/auth/login', { body: { login: username, password } });
if (!signedIn) throw new Error(`${refused.code}: ${refused.detail}`);
if ('mfaToken' in signedIn) throw new Error('This account has a second factor.');

const user = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${signedIn.accessToken}` } });
const { data: issued } = await user.POST('/api/v1/users/me/api-keys', { body: { name: 'notebook', scopes: ['usage:consume', 'messages:read', 'messages:write'] } });

const program = createClient<paths>({ baseUrl, headers: { 'x-api-key': issued!.key } });
const { data: standing } = await program.POST('/api/v1/usage/consume', { body: { conversations: 1 } });
const { data: taken } = await program.POST('/api/v1/message-logs', {
  body: { model: 'llama-3-8b', messages: [{ role: 'user', content: 'Why is the sky blue?' }, { role: 'assistant', content: 'Air scatters short waves more.' }] },
});
const { data: log } = await program.GET('/api/v1/message-logs/{id}', { params: { path: { id: taken!.ids[0]! } } });
const { error: problem, response } = await program.GET('/api/v1/message-logs/{id}', { params: { path: { id: 'unknown' } } });

console.log(JSON.stringify({ remaining: standing?.limits[0]?.remaining, accepted: taken?.accepted, said: log?.messages?.map(({ content }) => content), status: response.status, code: problem?.code }));
