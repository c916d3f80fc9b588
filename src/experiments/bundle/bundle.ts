import type { ModelData, ModelFigures, ModelSpec } from '../models/figures.js';
import type { SettingsById } from '../named-settings.js';
import type { PredictionFigures } from '../predictions/predict-points.js';
import type { RowChange } from '../versions/change-set.js';
import type { Plain } from '../versions/kinds.js';

/** Rises when a reader of the old form could not read the new one. */
export const BUNDLE_FORMAT = 'provost experiment bundle 1';

export interface BundledVersion {
  readonly number: number;
  readonly at: string;
  readonly authorId: string;
  readonly action: string;
  readonly changes: readonly RowChange[];
}

/** A model with all that its figures can be computed again from. */
export interface BundledModel {
  readonly id: string;
  readonly label: string | null;
  readonly responseId: string;
  readonly experimentVersion: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly spec: ModelSpec;
  readonly data: ModelData;
  readonly figures: ModelFigures;
}

/** What a model says of a point. */
export interface BundledPrediction {
  readonly id: string;
  readonly modelId: string;
  readonly label: string | null;
  readonly settings: SettingsById;
  readonly block: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly figures: PredictionFigures;
}

/** What is signed: everything in a bundle but its digest and the signature, as `JSON.stringify` writes it. */
export interface BundleContent {
  readonly format: typeof BUNDLE_FORMAT;
  /** The release that made it. */
  readonly madeBy: string;
  readonly madeAt: string;
  /** PEM. */
  readonly publicKey: string;
  readonly experimentId: string;
  /** The version of the experiment that `rows` are. */
  readonly version: number;
  /** All rows of the experiment by kind. */
  readonly rows: Readonly<Record<string, readonly Plain[]>>;
  readonly versions: readonly BundledVersion[];
  readonly models: readonly BundledModel[];
  readonly predictions: readonly BundledPrediction[];
}

export interface Bundle extends BundleContent {
  /** SHA-256 of the content, base64url. */
  readonly digest: string;
  readonly signature: string;
}

export function bundleStatement(digest: string): Buffer {
  return Buffer.from(JSON.stringify([BUNDLE_FORMAT, digest]));
}
