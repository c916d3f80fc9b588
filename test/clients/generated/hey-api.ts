import { createClient } from './hey-api/client/index.js';
import { apiKeysCreate, authLogin, authRegister, messageLogsPost, messageLogsRead, usageConsume } from './hey-api/sdk.gen.js';

/** The main job with a client that `@hey-api/openapi-ts` made; test/generated-clients.kit-spec.ts compiles and runs it. */
const baseUrl = process.env.PROVOST_URL ?? 'http://127.0.0.1:3000';
const [username, password] = ['hedy', 'frequencies that hop around'];

const anyone = createClient({ baseUrl });
await authRegister({ client: anyone, body: { username, password, email: 'hedy@example.org' } });
const { data: signedIn, error: refused } = await authLogin({ client: anyone, body: { login: username, password } });
if (!signedIn) throw new Error(`${refused?.code}: ${refused?.detail}`);
if ('mfaToken' in signedIn) throw new Error('This account has a second factor.');

const user = createClient({ baseUrl, auth: signedIn.accessToken });
const { data: issued } = await apiKeysCreate({ client: user, body: { name: 'notebook', scopes: ['usage:consume', 'messages:read', 'messages:write'] } });

const client = createClient({ baseUrl, auth: issued?.key });
const { data: standing } = await usageConsume({ client, body: { conversations: 1 } });
const { data: taken } = await messageLogsPost({
  client,
  body: { model: 'llama-3-8b', messages: [{ role: 'user', content: 'Why is the sky blue?' }, { role: 'assistant', content: 'Air scatters short waves more.' }] },
});
const { data: log } = await messageLogsRead({ client, path: { id: taken!.ids[0]! } });
const { error: problem, response } = await messageLogsRead({ client, path: { id: 'unknown' } });

console.log(JSON.stringify({ remaining: standing?.limits[0]?.remaining, accepted: taken?.accepted, said: log?.messages?.map(({ content }) => content), status: response?.status, code: problem?.code }));
