import type { Factor } from '../factors.js';
import { DesignRefused } from './design.errors.js';
import type { DesignKind, PlanOptions } from './plan.js';

/** What each kind reads; anything else would be dropped in silence. */
const READ: Readonly<Record<DesignKind, readonly (keyof PlanOptions)[]>> = {
  'full-factorial': ['levels', 'blocks', 'centrePoints', 'replicates'],
  'fractional-factorial': ['generators', 'runs', 'resolution', 'foldOver', 'blocks', 'centrePoints', 'replicates'],
  'plackett-burman': ['runs', 'foldOver', 'centrePoints', 'replicates'],
  'central-composite': ['alpha', 'inscribed', 'generators', 'blocks', 'centrePoints', 'replicates'],
  'box-behnken': ['blocks', 'centrePoints', 'replicates'],
  'latin-hypercube': ['runs', 'exchanges'],
  'd-optimal': ['model', 'runs', 'constraints', 'starts', 'keepRuns'],
  'simplex-lattice': ['degree', 'interior', 'replicates'],
  'simplex-centroid': ['interior', 'replicates'],
};

/** Refuses what the kind does not read, and options that contradict each other. */
export function checkOptions(factors: readonly Factor[], kind: DesignKind, options: PlanOptions): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined).map(([name]) => name);
  const idle = given.find((name) => !(READ[kind] as readonly string[]).includes(name));
  if (idle !== undefined) throw new DesignRefused('option', `${idle} means nothing for a ${kind} design, which takes ${READ[kind].join(', ')}; leave it out.`);
  const sizes = given.filter((name) => ['generators', 'runs', 'resolution'].includes(name));
  if (kind === 'fractional-factorial' && sizes.length > 1) throw new DesignRefused('option', `Choose a fraction by ${sizes.join(' or by ')}, not by both.`);
  if (kind === 'full-factorial' && options.levels) checkLevels(factors, options);
}

function checkLevels(factors: readonly Factor[], { levels, blocks = 1 }: PlanOptions): void {
  if (blocks > 1) throw new DesignRefused('option', 'Blocks are made for factors at two levels; leave out levels or blocks.');
  const stranger = Object.keys(levels!).find((name) => factors.find((factor) => factor.name === name)?.kind !== 'continuous');
  if (stranger !== undefined) throw new DesignRefused('levels', `levels names ${stranger}, which is no continuous factor; other factors take the levels that they have.`);
}
