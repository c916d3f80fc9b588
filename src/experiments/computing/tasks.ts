import type { Report, TaskInput as InputOf, TaskOutput as OutputOf, Tasks } from '../../platform/compute/task.js';
import type { FitInput, PackedFit } from '../models/fit-model.js';
import type { PlotOrder } from '../plots/plot-task.js';
import type { PlannedDesign, PlanRequest } from '../design/planned-design.js';
import type * as questions from '../design/questions.js';
import type { FoundOptimum, OptimumInput } from '../optimum/search-optimum.js';
import type { PredictInput, PredictionFigures } from '../predictions/predict-points.js';
import type { Suggested, SuggestInput } from '../suggestions/suggest-runs.js';

/** What worker threads can do, by name. Each loads its own code when it is first asked for: a thread that fits never loads a plotter. */
export const TASKS = {
  fit: async (input: FitInput): Promise<PackedFit> => (await import('../models/fit-model.js')).fitAndPack(input),
  plot: async (order: PlotOrder): Promise<string> => (await import('../plots/plot-task.js')).plotTask(order),
  planDesign: async (request: PlanRequest, report: Report): Promise<PlannedDesign> => (await import('../design/planned-design.js')).plannedDesign(request, report),
  designProperties: async (question: questions.PropertiesQuestion): Promise<questions.PropertiesAnswer> => (await import('../design/questions.js')).propertiesOf(question),
  designLimits: async (question: questions.LimitsQuestion): Promise<questions.LimitsAnswer> => (await import('../design/questions.js')).limitsOf(question),
  separatePair: async (question: questions.SeparationQuestion): Promise<questions.SeparationAnswer> => (await import('../design/questions.js')).separationOf(question),
  repairDesign: async (question: questions.RepairQuestion): Promise<questions.RepairAnswer> => (await import('../design/questions.js')).repairOf(question),
  predict: async (input: PredictInput): Promise<PredictionFigures[]> => (await import('../predictions/predict-points.js')).predictPoints(input),
  optimum: async (input: OptimumInput, report: Report): Promise<FoundOptimum> => (await import('../optimum/search-optimum.js')).searchOptimum(input, report),
  suggest: async (input: SuggestInput, report: Report): Promise<Suggested> => (await import('../suggestions/suggest-runs.js')).suggestRuns(input, report),
} satisfies Tasks;

export type TaskName = keyof typeof TASKS;
export type TaskInput<Name extends TaskName> = InputOf<typeof TASKS, Name>;
export type TaskOutput<Name extends TaskName> = OutputOf<typeof TASKS, Name>;
