import fastify from 'fastify';
import { fastifyProvost, provost } from 'provost/middleware';

const { PROVOST_URL, PROVOST_SERVICE_KEY, SPOOL_FOLDER, OUTAGE_SECONDS, PORT } = process.env;

const client = provost({
  url: PROVOST_URL,
  serviceKey: PROVOST_SERVICE_KEY,
  spool: { folder: SPOOL_FOLDER },
  outageSeconds: Number(OUTAGE_SECONDS ?? 0),
});

const app = fastify();

app.get('/open', async () => ({ hello: 'world' }));

// Each scope has its own rule; the plugin guards all routes of the scope it is registered in.
app.register(async (scope) => {
  await scope.register(fastifyProvost(client));
  scope.get('/me', async ({ provost: { subject, plan, scopes } }) => ({ subject, plan, scopes }));
});

app.register(async (scope) => {
  await scope.register(fastifyProvost(client, { consume: { conversations: 1 } }));
  scope.post('/chat', async ({ provost, body: { text } }) => {
    const answer = `You said: ${text}`;
    await provost.log({ model: 'echo', messages: [{ role: 'user', content: text }, { role: 'assistant', content: answer }] });
    return { answer };
  });
});

app.register(async (scope) => {
  await scope.register(fastifyProvost(client, { reserve: { conversations: 1 } }));
  scope.post('/essay', async ({ body: { text } }) => {
    if (text === '') throw new Error('There is nothing to write about');
    return { essay: `On ${text}` };
  });
});

app.register(async (scope) => {
  await scope.register(fastifyProvost(client, { scopes: ['messages:write'] }));
  scope.post('/notes', async ({ provost, body: { text } }, reply) => {
    reply.code(202);
    return { id: await provost.log({ model: 'note', messages: [{ role: 'user', content: text }] }) };
  });
});

app.addHook('onClose', () => client.close());
console.log(`serving at ${await app.listen({ port: Number(PORT), host: '127.0.0.1' })}`);
process.once('SIGTERM', () => app.close());
