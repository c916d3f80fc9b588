import { cursorText } from '../../src/platform/lists/cursor.js';
import { shuffled } from '../population.js';
import type { Load, Prepared, RequestPart, Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { letters, type People, type Place } from './people.js';

const TARGET = 0.4;
const REQUESTS = 4096;

/** What an admin's panel asks of the list of users, all pages of 50. */
export const DESK: readonly Scenario<People>[] = [
  {
    name: 'first',
    title: 'first page',
    target: TARGET,
    prepare: async (stage) => loads(stage, [{ path: '/users' }], [{ path: `${LIST}?limit=50` }]),
  },
  {
    name: 'deep',
    title: 'deep page, by cursor',
    target: TARGET,
    prepare: async (stage) => loads(stage, places(stage).map(before), places(stage).map(afterCursor)),
  },
  {
    name: 'deep-by-place',
    title: 'deep page, by place',
    target: TARGET,
    prepare: async (stage) => loads(stage, places(stage).map(before), starts(stage.population.count).map((start) => ({ path: `${LIST}?_start=${start}&_end=${start + 50}&_sort=createdAt&_order=DESC` }))),
  },
  {
    name: 'prefix',
    title: 'prefix of two letters',
    target: TARGET,
    prepare: async (stage) => searched(stage, 2),
  },
  {
    name: 'long-prefix',
    title: 'prefix of four letters',
    target: TARGET,
    prepare: async (stage) => searched(stage, 4),
  },
];

const LIST = '/api/v1/admin/users';

async function loads({ floor, service, tokens, population }: Stage<People>, floors: readonly RequestPart[], ours: readonly RequestPart[]): Promise<Prepared> {
  const { keys } = (await (await fetch(`${service.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
  const credential = tokens.accessToken(population.admin, keys[0]!.kid, 'admin');
  const load = (url: string, requests: readonly RequestPart[]): Load => ({ url, method: 'GET', path: '/', requests });
  return { floor: load(floor.url, floors), ours: load(service.url, ours.map((part) => ({ ...part, credential }))) };
}

function places({ population }: Stage<People>): Place[] {
  return shuffled(population.places).slice(0, REQUESTS);
}

function before({ at, id }: Place): RequestPart {
  return { path: `/users-before?at=${at}&id=${id}` };
}

function afterCursor({ at, id }: Place): RequestPart {
  return { path: `${LIST}?limit=50&cursor=${cursorText({ sort: '-createdAt', backwards: false, value: at, id })}` };
}

/** Any place from a tenth to nine tenths of the list. */
function starts(count: number): number[] {
  return shuffled(Array.from({ length: REQUESTS }, (_, index) => Math.floor(count * (0.1 + (0.8 * index) / REQUESTS))));
}

async function searched(stage: Stage<People>, length: number): Promise<Prepared> {
  const prefixes = Array.from({ length: REQUESTS }, () => letters(length));
  return loads(stage, prefixes.map((q) => ({ path: `/users-named?q=${q}` })), prefixes.map((q) => ({ path: `${LIST}?limit=50&q=${q}` })));
}
