import { parentPort } from 'node:worker_threads';
import autocannon from 'autocannon';
import type { DriverCall, Run } from './driver.js';
import { CONNECTIONS } from './options.js';
import type { Load } from './scenario.js';

/** What autocannon's iterator of requests holds; see `give`. */
interface Iterator {
  requests: Built[];
  currentRequest: Built;
  currentRequestIndex: number;
}

interface Built {
  readonly requestBuffer: Buffer;
}

const loads = new Map<number, { url: string; perClient: Built[][]; round: number }>();
let endless: autocannon.Instance | undefined;

parentPort!.on('message', (call: DriverCall) => {
  if (call.kind === 'learn') loads.set(call.id, { url: call.load.url, perClient: built(call.load), round: 0 });
  else if (call.kind === 'run') void run(call.id, call.amount).then((result) => parentPort!.postMessage(result));
  else if (call.kind === 'start') endless = shoot(call.id, { duration: 3600 });
  else endless?.stop();
});

/** Runs until `amount` requests were answered, so that nothing is cut off half-way and counts can be compared. */
function run(id: number, amount: number): Promise<Run> {
  const times = new Float64Array(amount);
  const statuses: Record<number, number> = {};
  // The last twentieth is not timed: by then connections that are done stand idle.
  const timed = Math.ceil(amount * 0.95);
  let answered = 0;
  let failures = 0;
  let seconds = 0;
  return new Promise((resolve) => {
    const instance = shoot(id, { amount });
    const began = performance.now();
    instance.on('response', (_client, status, _bytes, ms) => {
      times[answered++] = ms;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (answered === timed) seconds = (performance.now() - began) / 1000;
    });
    instance.on('reqError', () => failures++);
    instance.on('done', () => {
      const sorted = times.subarray(0, answered).sort();
      resolve({ rate: timed / seconds, p50: sorted[Math.floor(answered * 0.5)]!, p99: sorted[Math.floor(answered * 0.99)]!, statuses, failures });
    });
  });
}

function shoot(id: number, until: { amount: number } | { duration: number }): autocannon.Instance {
  const load = loads.get(id)!;
  load.round += 1;
  let client = 0;
  return autocannon({
    url: load.url,
    connections: CONNECTIONS,
    pipelining: 1,
    timeout: 30,
    sampleInt: 100,
    ...until,
    setupClient: (each) => give(each, load.perClient[client++ % CONNECTIONS]!, load.round),
  }, () => undefined);
}

/**
 * Hands a client its requests ready-made, each round from another place on. By its own interface autocannon would build
 * all of them anew for each client and round, or each one on sending, which costs as much as the server takes to answer.
 */
function give(client: autocannon.Client, requests: Built[], round: number): void {
  const { requestIterator } = client as unknown as { requestIterator: Iterator };
  const start = (round * 7919) % requests.length;
  requestIterator.requests = requests;
  requestIterator.currentRequestIndex = start;
  requestIterator.currentRequest = requests[start]!;
}

function built({ url, method, path, requests }: Load): Built[][] {
  const { host } = new URL(url);
  const perClient: Built[][] = Array.from({ length: CONNECTIONS }, () => []);
  requests.forEach(({ credential, body, path: own }, index) => {
    const lines = [`${method} ${own ?? path} HTTP/1.1`, `Host: ${host}`, 'Connection: keep-alive'];
    if (credential) lines.push(`Authorization: Bearer ${credential}`);
    if (body !== undefined) lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
    perClient[index % CONNECTIONS]!.push({ requestBuffer: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`) });
  });
  return perClient.map((own) => (own.length > 0 ? own : perClient[0]!));
}
