import express from 'express';
import { expressProvost, provost } from 'provost/middleware';

const { PROVOST_URL, PROVOST_SERVICE_KEY, SPOOL_FOLDER, OUTAGE_SECONDS, PORT } = process.env;

const client = provost({
  url: PROVOST_URL,
  serviceKey: PROVOST_SERVICE_KEY,
  spool: { folder: SPOOL_FOLDER },
  outageSeconds: Number(OUTAGE_SECONDS ?? 0),
});

const app = express();
app.use(express.json());

app.get('/open', (request, response) => {
  response.json({ hello: 'world' });
});

// Whoever has a token or a key.
app.get('/me', expressProvost(client), (request, response) => {
  const { subject, plan, scopes } = request.provost;
  response.json({ subject, plan, scopes });
});

// Costs a conversation; 429 when there is none left today.
app.post('/chat', expressProvost(client, { consume: { conversations: 1 } }), async (request, response) => {
  const { text } = request.body;
  const answer = `You said: ${text}`;
  await request.provost.log({ model: 'echo', messages: [{ role: 'user', content: text }, { role: 'assistant', content: answer }] });
  response.json({ answer });
});

// Holds a conversation, and gives it back when the answer fails.
app.post('/essay', expressProvost(client, { reserve: { conversations: 1 } }), (request, response) => {
  if (request.body.text === '') throw new Error('There is nothing to write about');
  response.json({ essay: `On ${request.body.text}` });
});

// Counts nothing, keeps what was said: goes on while Provost is away, if OUTAGE_SECONDS says so.
app.post('/notes', expressProvost(client, { scopes: ['messages:write'] }), async (request, response) => {
  const { text } = request.body;
  response.status(202).json({ id: await request.provost.log({ model: 'note', messages: [{ role: 'user', content: text }] }) });
});

app.use((error, request, response, next) => response.status(500).json({ error: error.message }));

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`serving at http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => server.close(() => client.close()));
