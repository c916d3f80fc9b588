import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, MoreThan } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditCheckpoints } from '../../audit/audit-checkpoints.js';
import { Clock } from '../../platform/clock/clock.js';
import { inBatches } from '../../platform/database/in-batches.js';
import { VERSION } from '../../version.js';
import type { Experiment } from '../experiment.entity.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { Model } from '../models/model.entity.js';
import { unpacked } from '../models/packed.js';
import type { SettingsById } from '../named-settings.js';
import { Prediction } from '../predictions/prediction.entity.js';
import { shownPredictions } from '../predictions/predictions.service.js';
import { ExperimentVersion } from '../versions/experiment-version.entity.js';
import { type State, Versions, changesOf } from '../versions/versions.js';
import { BUNDLE_FORMAT, type BundleContent, type BundledModel, type BundledPrediction, type BundledVersion, bundleStatement } from './bundle.js';

/** An experiment as a file that proves itself: signed, with all that its figures can be computed again from. */
@Injectable()
export class Bundles {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: ExperimentsDesk,
    private readonly versions: Versions,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  /** Its rows are of one moment. Versions and models never change, and are read as the file is. */
  async begin(actor: Actor, id: string): Promise<AsyncGenerator<string>> {
    const { experiment, state } = await this.db.transaction(async (tx) => {
      const { experiment: held } = await this.desk.hold(actor, id, tx);
      return { experiment: held, state: await this.versions.today(tx, held) };
    });
    return this.signed(this.content(experiment, state));
  }

  private async *signed(content: AsyncGenerator<string>): AsyncGenerator<string> {
    const hash = createHash('sha256');
    for await (const text of content) {
      hash.update(text);
      yield text;
      // The embedded engine answers at once: nobody else would get a turn.
      await breathe();
    }
    const digest = hash.update('}').digest('base64url');
    yield `,${inner({ digest, signature: this.checkpoints.sign(bundleStatement(digest)) })}}`;
  }

  /** As JSON.stringify would write it, without the brace at its end. */
  private async *content(experiment: Experiment, state: State): AsyncGenerator<string> {
    const { id: experimentId, version } = experiment;
    const header: Omit<BundleContent, 'rows' | 'versions' | 'models' | 'predictions'> = { format: BUNDLE_FORMAT, madeBy: VERSION, madeAt: this.clock.now().toISOString(), publicKey: this.checkpoints.publicKeyText, experimentId, version };
    yield `{${inner(header)},"rows":{`;
    for (const [index, [kind, rows]] of [...state].entries()) {
      yield `${index === 0 ? '' : ','}${JSON.stringify(kind)}:[`;
      yield* listed(rows.values());
      yield ']';
    }
    yield '},"versions":[';
    yield* listed(this.versionsOf(experimentId, version));
    yield '],"models":[';
    const told: string[] = [];
    yield* listed(this.modelsOf(experimentId, told));
    yield '],"predictions":[';
    yield* listed(this.predictionsOf(experimentId, told));
    yield ']';
  }

  private async *versionsOf(experimentId: string, last: number): AsyncGenerator<BundledVersion> {
    for await (const row of inBatches(this.db, ExperimentVersion, { experimentId }, 'number')) {
      const { number, at, authorId, action } = row;
      if (number > last) return;
      yield { number, at: at.toISOString(), authorId, action, changes: changesOf(row) };
    }
  }

  /** @param told takes the ids of those that are in the file */
  private async *modelsOf(experimentId: string, told: string[]): AsyncGenerator<BundledModel> {
    const models = await this.db.find(Model, { select: { id: true }, where: { experimentId }, order: { id: 'ASC' } });
    for (const { id } of models) {
      const model = await this.db.findOneBy(Model, { experimentId, id });
      if (!model) continue;
      told.push(id);
      const { label, responseId, experimentVersion, createdBy, createdAt, spec } = model;
      const { data, figures } = unpacked(model);
      yield { id, label, responseId, experimentVersion, createdBy, createdAt: createdAt.toISOString(), spec, data, figures };
    }
  }

  private async *predictionsOf(experimentId: string, modelIds: readonly string[]): AsyncGenerator<BundledPrediction> {
    for (const modelId of modelIds) {
      for (let after = ''; ; ) {
        const predictions = await this.db.find(Prediction, { where: { experimentId, modelId, id: MoreThan(after) }, order: { id: 'ASC' }, take: ITEMS_AT_ONCE });
        for (const { prediction, settings } of await shownPredictions(this.db, experimentId, predictions)) yield bundled(prediction, settings);
        if (predictions.length < ITEMS_AT_ONCE) break;
        after = predictions.at(-1)!.id;
      }
    }
  }
}

function bundled({ id, modelId, label, block, createdBy, createdAt, figures }: Prediction, settings: SettingsById): BundledPrediction {
  return { id, modelId, label, settings, block, createdBy, createdAt: createdAt.toISOString(), figures };
}

const ITEMS_AT_ONCE = 500;

async function* listed(items: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string> {
  let text = '';
  let count = 0;
  for await (const item of items) {
    text += `${count++ === 0 ? '' : ','}${JSON.stringify(item)}`;
    if (count % ITEMS_AT_ONCE !== 0) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** The members of an object, without its braces. */
function inner(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}
