import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Problem } from '../../platform/problems/problem.js';
import { fitModel } from '../models/fit-model.js';
import type { ModelFigures } from '../models/figures.js';
import { modelData } from '../models/model-data.js';
import { predictPoints } from '../predictions/predict-points.js';
import { type Bundle, BUNDLE_FORMAT, type BundledModel, type BundledPrediction, bundleStatement } from './bundle.js';
import { type Difference, firstDifference, numbersIn } from './differences.js';
import { BrokenHistory, History } from './history.js';
import { sourcesOf } from './sources-of.js';

/** What a bundle turned out to be. */
export interface BundleProof {
  readonly bundle: Bundle;
  /** Figures that were computed again. */
  readonly figures: number;
}

/** The first thing in a bundle that is not as it was written, or does not follow from what is in it. */
export class BadBundle extends Error {
  constructor(
    readonly kind: 'unreadable' | 'other-key' | 'signature' | 'figure' | 'value' | 'version',
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * Proves a bundle with nothing but its text: computes all figures again from its rows, undoes its versions one by one, and
 * checks who signed it. What is wrong with its content is told before the signature, which says only that something is.
 * @param key whose signature is wanted; without one, that of the key which the bundle itself names
 */
export function verifyBundle(text: string, key?: KeyObject): BundleProof {
  const bundle = bundleIn(text);
  const signer = keyOf(bundle);
  if (key && !key.equals(signer)) throw new BadBundle('other-key', 'The bundle names another key than the one that was given.');
  try {
    demandContent(bundle);
  } catch (error) {
    if (error instanceof BadBundle) throw error;
    if (error instanceof BrokenHistory) throw new BadBundle('version', error.message);
    throw new BadBundle('unreadable', `The bundle is not as Provost writes it: ${(error as Error).message}`);
  }
  demandSignature(bundle, signer);
  return { bundle, figures: numbersIn([...bundle.models, ...bundle.predictions].map(({ figures }) => figures)) };
}

function bundleIn(text: string): Bundle {
  try {
    const bundle = JSON.parse(text) as Bundle;
    const isBundle = bundle.format === BUNDLE_FORMAT && Array.isArray(bundle.models) && Array.isArray(bundle.predictions) && Array.isArray(bundle.versions) && typeof bundle.rows === 'object';
    if (isBundle) return bundle;
  } catch {
    throw new BadBundle('unreadable', 'The file is not JSON: it was cut off or is something else.');
  }
  throw new BadBundle('unreadable', `The file is not of the format "${BUNDLE_FORMAT}".`);
}

function keyOf({ publicKey }: Bundle): KeyObject {
  try {
    return createPublicKey(publicKey);
  } catch {
    throw new BadBundle('unreadable', 'The bundle names no public key.');
  }
}

/** Goes back through the versions. A model must be what the rows gave when it was fitted. */
function demandContent(bundle: Bundle): void {
  const { versions, version, models } = bundle;
  const misplaced = versions.findIndex(({ number }, index) => number !== index + 1);
  if (misplaced >= 0 || versions.length !== version) throw new BadBundle('version', `Version ${(misplaced < 0 ? versions.length : misplaced) + 1} is missing, or stands in another place.`);
  const history = new History(bundle);
  for (const each of [...versions].reverse()) {
    for (const model of models.filter(({ experimentVersion }) => experimentVersion === each.number)) demandModel(model, history);
    history.undo(each);
  }
  if (!history.isEmpty) throw new BadBundle('version', 'There are rows that no version made.');
  const late = models.find(({ experimentVersion }) => experimentVersion < 1 || experimentVersion > version);
  if (late) throw new BadBundle('version', `Model ${late.id} names version ${late.experimentVersion}, which is not there.`);
  for (const prediction of bundle.predictions) demandPrediction(prediction, models.find(({ id }) => id === prediction.modelId));
}

function demandModel(model: BundledModel, history: History): void {
  const name = `Model ${model.id}${model.label ? ` (${model.label})` : ''}`;
  const sources = sourcesOf(history);
  const response = sources.responses.find(({ id }) => id === model.responseId);
  if (!response) throw new BadBundle('version', `${name} is of a response that was not there.`);
  demand('value', name, firstDifference(model.data, asJson(modelData(sources, response, model.spec)), 'data'), 'the rows of the experiment give');
  demand('figure', name, firstDifference(model.figures, asJson(figuresOf(model, name)), 'figures'), 'its data give');
}

/** By the model's figures, which are proven by now. */
function demandPrediction({ id, settings, block, figures }: BundledPrediction, model: BundledModel | undefined): void {
  if (!model) throw new BadBundle('version', `Prediction ${id} is by a model that is not there.`);
  const point = model.data.parameterIds.map((parameterId) => (parameterId === null ? block! : (settings[parameterId] ?? '')));
  const [again] = predictPoints({ predictor: model.figures.predictor, transform: model.spec.transform, level: figures.level, points: [point] });
  demand('figure', `Prediction ${id}`, firstDifference(figures, asJson(again!), 'figures'), 'its model gives');
}

function figuresOf(model: BundledModel, name: string): ModelFigures {
  try {
    return fitModel(model);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new BadBundle('figure', `${name}: no figures come of its data. ${error.detail}`);
  }
}

function demand(kind: 'value' | 'figure', name: string, difference: Difference | undefined, source: string): void {
  if (difference) throw new BadBundle(kind, `${name}: ${difference.path} says ${shown(difference.says)}; ${source} ${shown(difference.is)}.`);
}

/** As it is kept: without what is undefined. */
function asJson(value: object): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function demandSignature({ digest, signature, ...content }: Bundle, key: KeyObject): void {
  const isRight = createHash('sha256').update(JSON.stringify(content)).digest('base64url') === digest;
  if (!isRight) throw new BadBundle('signature', 'The bundle is not what was signed: something in it was changed, added or left out.');
  if (!verify(null, bundleStatement(digest), key, Buffer.from(String(signature), 'base64url'))) throw new BadBundle('signature', 'The signature is not that of the key.');
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
