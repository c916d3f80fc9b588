import { PredictionRefused } from './prediction.errors.js';

/**
 * What is wanted of one response. Desirability runs from 0 (unacceptable) to 1 (as good as can be); a weight above 1 asks to come
 * close to the target, one below 1 is content with less. Derringer and Suich (1980), J. Quality Technology 12, 214.
 */
export type Goal =
  | { goal: 'maximize'; low: number; target: number; weight?: number; importance?: number }
  | { goal: 'minimize'; target: number; high: number; weight?: number; importance?: number }
  | { goal: 'target'; low: number; target: number; high: number; weightLow?: number; weightHigh?: number; importance?: number }
  | { goal: 'range'; low?: number; high?: number };

export interface Desirability {
  individual: number[];
  /** Their geometric mean, each to the power of its share of all importances. */
  overall: number;
}

/** Refuses goals whose limits are in the wrong order, and weights that are not positive. */
export function checkGoals(goals: readonly Goal[]): void {
  if (goals.length === 0) throw new PredictionRefused('no-goals', 'Say what is wanted of at least one response.');
  goals.forEach((goal, index) => {
    if (!limitsOf(goal).every((limit, i, all) => Number.isFinite(limit) && (i === 0 || limit > all[i - 1]!))) {
      throw new PredictionRefused('goal-limits', `The limits of goal ${index + 1} must be finite and rise: low, target, high.`);
    }
    if (!positives(goal).every((value) => Number.isFinite(value) && value > 0)) {
      throw new PredictionRefused('goal-weight', `Weights and importance of goal ${index + 1} must be positive numbers.`);
    }
  });
}

export function desirability(goals: readonly Goal[], values: readonly number[]): Desirability {
  if (values.length !== goals.length) throw new PredictionRefused('count', `There are ${goals.length} goals and ${values.length} values; each goal needs one.`);
  const individual = goals.map((goal, index) => individualDesirability(goal, values[index]!));
  return { individual, overall: overall(goals, individual) };
}

export function individualDesirability(goal: Goal, value: number): number {
  if (goal.goal === 'maximize') return share(value, goal.low, goal.target) ** (goal.weight ?? 1);
  if (goal.goal === 'minimize') return share(value, goal.high, goal.target) ** (goal.weight ?? 1);
  if (goal.goal === 'range') return value >= (goal.low ?? -Infinity) && value <= (goal.high ?? Infinity) ? 1 : 0;
  const [from, weight] = value < goal.target ? [goal.low, goal.weightLow] : [goal.high, goal.weightHigh];
  return share(value, from, goal.target) ** (weight ?? 1);
}

/** A range is kept or not: it has no share in the mean. */
function overall(goals: readonly Goal[], individual: readonly number[]): number {
  const importances = goals.map((goal) => (goal.goal === 'range' ? 0 : goal.importance ?? 1));
  const total = importances.reduce((sum, importance) => sum + importance, 0);
  if (individual.some((value) => value === 0)) return 0;
  return importances.reduce((product, importance, index) => (importance === 0 ? product : product * individual[index]! ** (importance / total)), 1);
}

/** How far a value has come from one limit to the target, within 0 and 1. */
function share(value: number, from: number, target: number): number {
  return Math.min(1, Math.max(0, (value - from) / (target - from)));
}

function limitsOf(goal: Goal): number[] {
  if (goal.goal === 'maximize') return [goal.low, goal.target];
  if (goal.goal === 'range') return [goal.low, goal.high].filter((limit) => limit !== undefined);
  return goal.goal === 'minimize' ? [goal.target, goal.high] : [goal.low, goal.target, goal.high];
}

function positives(goal: Goal): number[] {
  if (goal.goal === 'range') return [];
  const weights = goal.goal === 'target' ? [goal.weightLow, goal.weightHigh] : [goal.weight];
  return [...weights, goal.importance].filter((value) => value !== undefined);
}
