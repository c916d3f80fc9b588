import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProvostClient } from './provost-client.js';
import { Tally } from './tally.js';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

describe('the client of a replay', () => {
  let server: Server;
  let replies: Reply[];
  let tally: Tally;
  beforeEach(async () => {
    tally = new Tally();
    server = createServer((request, response) => (replies.length > 1 ? replies.shift()! : replies[0]!)(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server.close());

  const client = (attempts?: number): ProvostClient => new ProvostClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tally, attempts);
  const away: Reply = (_, response) => void response.writeHead(503).end('{"code":"database.away"}');
  const broken: Reply = (request) => void request.socket.destroy();
  const fine: Reply = (_, response) => void response.writeHead(202).end('{"accepted":1}');

  it('waits out a 503 and a lost connection, and says that it asked more than once', async () => {
    replies = [away, broken, fine];
    expect(await client().send('post', '/message-logs', { body: {} })).toEqual({ status: 202, body: { accepted: 1 }, repeated: true });
    expect(tally.retries).toBe(2);
    expect(tally.steps()).toMatchObject([{ step: 'post', count: 1 }]);
  });

  it('gives up in the end: a 503 is an answer then, silence a failure', async () => {
    replies = [away];
    expect(await client(2).send('post', '/message-logs', { body: {} })).toMatchObject({ status: 503, body: { code: 'database.away' } });
    replies = [broken];
    await expect(client(2).send('post', '/message-logs', { body: {} })).rejects.toThrow(/does not answer/);
  });

  it('takes every other answer as it is', async () => {
    replies = [(_, response) => void response.writeHead(429).end('{"code":"usage.limit-reached"}'), (_, response) => void response.writeHead(502).end('<html>')];
    expect(await client().send('consume', '/usage/consume', {})).toEqual({ status: 429, body: { code: 'usage.limit-reached' }, repeated: false });
    expect(await client().send('consume', '/usage/consume', {})).toMatchObject({ status: 502, body: { code: 'http-502' } });
    expect(tally.retries).toBe(0);
  });
});

describe('the tally of a replay', () => {
  it('tells the median and the slowest hundredth', () => {
    const tally = new Tally();
    for (let milliseconds = 100; milliseconds >= 1; milliseconds -= 1) tally.took('post', milliseconds);
    tally.took('consume', 7);
    expect(tally.steps()).toEqual([{ step: 'post', count: 100, p50: 50, p99: 99 }, { step: 'consume', count: 1, p50: 7, p99: 7 }]);
  });
});
