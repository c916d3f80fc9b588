import { runAudit } from './audit.js';
import { runDesk } from './desk/run.js';
import { runExperiments } from './experiments.js';
import { measure, type Result } from './measure.js';
import { type Options, optionsFrom, USAGE } from './options.js';
import { populate } from './population.js';
import { isMet, report } from './report.js';
import type { Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios/all.js';
import { runSignInParts } from './sign-in-parts.js';
import { Stage } from './stage.js';

const options = optionsFrom(process.argv.slice(2), process.env);
if (options?.paths[0] === 'admin') process.exitCode = await runDesk(options, say);
else if (options?.paths[0] === 'audit') process.exitCode = await runAudit(options, say);
else if (options?.paths[0] === 'experiments') process.exitCode = await runExperiments(options, say);
else if (options?.paths[0] === 'sign-in-parts') process.exitCode = await runSignInParts(options, say);
else if (options) process.exitCode = await run(options, chosen(options.paths));
else process.stdout.write(`${USAGE}\n\nPaths: ${SCENARIOS.map(({ name }) => name).join(', ')}; without one, all.\n`);

/** 0 when all is reached, 1 when not. */
async function run(given: Options, scenarios: readonly Scenario[]): Promise<number> {
  const stage = await Stage.set(given, populate, say);
  try {
    const results: Result[] = [];
    for (const scenario of scenarios) {
      say(scenario.title);
      results.push(await measure(scenario, stage, given));
    }
    process.stdout.write(`\n${report(results, stage, given)}`);
    return results.every((result) => isMet(result, given)) ? 0 : 1;
  } finally {
    await stage.clear();
  }
}

function chosen(paths: readonly string[]): readonly Scenario[] {
  const unknown = paths.filter((path) => !SCENARIOS.some(({ name }) => name === path));
  if (unknown.length > 0) throw new Error(`There is no path ${unknown.join(', ')}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}.`);
  return paths.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => paths.includes(name));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
