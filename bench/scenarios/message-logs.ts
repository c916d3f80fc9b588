import { setTimeout as sleep } from 'node:timers/promises';
import { countLogs, shuffled } from '../population.js';
import { type Answers, demandEqual, type Load, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

const TEXT_BYTES = 2048;
const WRITERS = 20_000;
const TOGETHER = 20;
/** How long the writer may take to bring the last logs into the table. */
const PATIENCE_MS = 15_000;

export const messageLog: Scenario = {
  name: 'log',
  title: 'message log, 2 KB, one a request',
  target: 2.0,
  prepare: (stage) => prepare(stage, singleLoad(stage, stage.service.url, '/api/v1/message-logs')),
};

export const messageLogs: Scenario = {
  name: 'logs',
  title: 'message logs, 20 a request (logs/s)',
  target: 3.5,
  prepare: (stage) => prepare(stage, togetherLoad(stage)),
};

async function prepare(stage: Stage, ours: Load): ReturnType<Scenario['prepare']> {
  const { database } = stage;
  const before = await countLogs(database);
  return {
    floor: singleLoad(stage, stage.floor.url, '/message-logs'),
    ours,
    check: async ({ statuses }: Answers) => {
      const expected = (statuses[202] ?? 0) * (ours.perRequest ?? 1);
      const deadline = performance.now() + PATIENCE_MS;
      let rows = await countLogs(database);
      while (rows - before < expected && performance.now() < deadline) {
        await sleep(100);
        rows = await countLogs(database);
      }
      return [demandEqual('rows of acknowledged logs', rows - before, expected)];
    },
  };
}

/** Users hand over their own conversations with their own keys; the floor is told whose it is. */
function singleLoad({ population }: Stage, url: string, path: string): Load {
  const requests = shuffled(population.people).slice(0, WRITERS).map(({ id, key }) => ({ credential: key, body: JSON.stringify(conversation(id)) }));
  return { url, method: 'POST', path, requests };
}

/** An application hands over those of many users at once. */
function togetherLoad({ service, population }: Stage): Load {
  const writers = shuffled(population.people).slice(0, WRITERS);
  const requests = Array.from({ length: Math.floor(writers.length / TOGETHER) }, (_, index) => {
    const items = writers.slice(index * TOGETHER, (index + 1) * TOGETHER).map(({ id }) => conversation(id));
    return { credential: population.serviceKey, body: JSON.stringify({ items }) };
  });
  return { url: service.url, method: 'POST', path: '/api/v1/message-logs', requests, perRequest: TOGETHER };
}

const WORDS = 'bread crust starch Maillard humidity oven proofing gluten what happens when temperature rises above and why does colour change so quickly'.split(' ');

function conversation(userId: string): object {
  let answer = '';
  for (let index = userId.charCodeAt(35); answer.length < TEXT_BYTES - 100; index += 7) answer += `${WORDS[index % WORDS.length]!} `;
  return {
    userId,
    model: 'bench-1',
    messages: [
      { role: 'user', content: 'Why does the crust of bread turn brown, and what decides how fast it does?'.padEnd(100, '.') },
      { role: 'assistant', content: answer.slice(0, TEXT_BYTES - 100) },
    ],
  };
}
