import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { hash as hashPassword, verify } from '@node-rs/argon2';
import { Child } from './child.js';
import { median } from './median.js';
import { CONNECTIONS, type Options } from './options.js';
import { PASSWORD, populate } from './population.js';
import { aligned, markdown, surroundings } from './report.js';
import type { Load } from './scenario.js';
import { signInLoad } from './scenarios/sign-in.js';
import { Stage } from './stage.js';

const NEST = fileURLToPath(new URL('./floor/nest-sign-in.js', import.meta.url));
const USERS = 1000;
const WARM_UP = 2000;
const HEADINGS = ['what is done for each', '/s', 'CPU ms', 'bare hash ÷ it: CPU', 'rate'];

/** Something that is done many times at once. */
interface Rung {
  readonly title: string;
  /** Processor time so far of whoever does it, in milliseconds. */
  cpuMs(): number;
  /** Answers how many were done a second. */
  run(amount: number): Promise<number>;
}

interface Turn {
  readonly rate: number;
  readonly cpuMs: number;
}

/** Where the time of a sign-in goes: the bare hash, then servers that do more and more of what Provost does, in turns. */
export async function runSignInParts(options: Options, say: (line: string) => void): Promise<number> {
  const few = { ...options, users: USERS };
  const stage = await Stage.set(few, populate, say);
  try {
    const hash = await hashPassword(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const nest = await Child.start([NEST, JSON.stringify({ hash, privateKey: stage.tokens.privatePem })], { cwd: stage.dataDir, env: { PATH: process.env.PATH ?? '' } });
    try {
      const ours = signInLoad(stage);
      const rungs = [
        bareHash(hash),
        served('the hash; one statement (bare Fastify)', { ...ours, url: stage.floor.url, path: '/sign-in' }, stage.floor, stage),
        served('the hash; four more statements and a token (bare Fastify)', { ...ours, url: stage.floor.url, path: '/sign-in-stored' }, stage.floor, stage),
        served('the hash; validation and a token, nothing stored (bare Nest)', { ...ours, url: nest.url, path: '/sign-in' }, nest, stage),
        served('the hash; all that Provost does', ours, stage.service, stage),
      ];
      const rows = table(rungs, await turns(rungs, options, say));
      process.stdout.write(`\n${[...(options.markdown ? markdown(rows, HEADINGS) : aligned(rows, HEADINGS)), '', ...surroundings(stage, few), ''].join('\n')}`);
    } finally {
      await nest.stop();
    }
    return 0;
  } finally {
    await stage.clear();
  }
}

/** One a core at once, as in the service: more at once push each other out of the caches. */
function bareHash(hash: string): Rung {
  const own = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  return {
    title: 'the bare hash, in a loop',
    cpuMs: own,
    async run(amount) {
      const began = performance.now();
      let left = amount;
      const caller = async (): Promise<void> => {
        while ((left -= 1) >= 0) await verify(hash, PASSWORD);
      };
      await Promise.all(Array.from({ length: availableParallelism() }, caller));
      return (amount * 1000) / (performance.now() - began);
    },
  };
}

function served(title: string, load: Load, server: Child, stage: Stage): Rung {
  return {
    title,
    cpuMs: () => server.cpuMs,
    async run(amount) {
      const { rate, statuses, failures } = await stage.driver.run(load, amount);
      if (failures > 0 || Object.keys(statuses).some((status) => status !== '200')) throw new Error(`${title}: answered ${JSON.stringify(statuses)}, ${failures} failed`);
      return rate;
    },
  };
}

/** Each of them once a round; the first round is measured when the compiler has seen all of them often. */
async function turns(rungs: readonly Rung[], { seconds, rounds }: Options, say: (line: string) => void): Promise<Turn[][]> {
  const paces: number[] = [];
  for (const rung of rungs) {
    say(`warming up: ${rung.title}`);
    paces.push(await rung.run(WARM_UP));
  }
  const measured: Turn[][] = rungs.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1}`);
    for (const [index, rung] of rungs.entries()) {
      const amount = Math.max(CONNECTIONS, Math.ceil(paces[index]! * seconds));
      const before = rung.cpuMs();
      const rate = await rung.run(amount);
      measured[index]!.push({ rate, cpuMs: (rung.cpuMs() - before) / amount });
    }
  }
  return measured;
}

function table(rungs: readonly Rung[], measured: readonly (readonly Turn[])[]): string[][] {
  const middles = measured.map((all) => ({ rate: median(all.map(({ rate }) => rate)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) }));
  const bare = middles[0]!;
  return middles.map(({ rate, cpuMs }, index) => [rungs[index]!.title, rate.toFixed(0), cpuMs.toFixed(1), (bare.cpuMs / cpuMs).toFixed(2), (rate / bare.rate).toFixed(2)]);
}
