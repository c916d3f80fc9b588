import { CONNECTIONS } from '../options.js';
import { countConversations, LIMIT, type Person, shuffled } from '../population.js';
import { demandEqual, type Load, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

export const consume: Scenario = {
  name: 'consume',
  title: 'consume, each request another user',
  target: 2.0,
  prepare: (stage) => prepare(stage, shuffled(stage.population.people)),
};

export const consumeHot: Scenario = {
  name: 'hot',
  title: 'consume, one hot user',
  target: 4.0,
  prepare: (stage) => prepare(stage, stage.population.people.slice(0, 1)),
};

async function prepare(stage: Stage, people: readonly Person[]): ReturnType<Scenario['prepare']> {
  const { database, floor } = stage;
  const before = await countConversations(database);
  const ours = consumeLoad(stage, people);
  return {
    floor: { ...ours, url: floor.url, path: '/consume' },
    ours,
    check: async ({ statuses }) => [
      demandEqual('counted conversations of granted requests', (await countConversations(database)) - before, statuses[200] ?? 0),
      ...(await checkLimit(stage)),
    ],
  };
}

/** Everybody asks at once for the last of what one user may have; once it is used up the answer is 429. */
async function checkLimit(stage: Stage): Promise<string[]> {
  const { driver, population } = stage;
  if (limitChecked.has(stage)) return [];
  limitChecked.add(stage);
  const amount = LIMIT + 10 * CONNECTIONS;
  const { statuses } = await driver.run(consumeLoad(stage, [population.limited]), amount);
  return [
    demandEqual(`grants of a limit of ${LIMIT} to ${amount} requests`, statuses[200] ?? 0, LIMIT),
    demandEqual('refusals of the others', statuses[429] ?? 0, amount - LIMIT),
  ];
}

const limitChecked = new WeakSet<Stage>();

/** With the user's own key; the floor, which knows no keys, is told who it is. */
function consumeLoad({ service }: Stage, people: readonly Person[]): Load {
  const requests = people.map(({ id, key }) => ({ credential: key, body: JSON.stringify({ userId: id }) }));
  return { url: service.url, method: 'POST', path: '/api/v1/usage/consume', requests };
}
