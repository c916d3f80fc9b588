import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Compute } from '../computing/compute.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { Model } from '../models/model.entity.js';
import { modelOf } from '../models/models.service.js';
import { responsesOf } from '../responses/responses.service.js';
import { PLOT_KINDS, type PlotKind } from './plot.js';
import type { PlotOrder } from './plot-task.js';
import { NoModel, PlotRefused, UnknownPlot } from './plots.errors.js';
import type { PlotQueryDto } from './plots.dto.js';

@Injectable()
export class PlotsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly compute: Compute,
  ) {}

  /** The text of a plot, drawn in a worker thread. */
  async plot(actor: Actor, experimentId: string, kind: string, { model: modelId, response, width, height, ...query }: PlotQueryDto, as: PlotOrder['as']): Promise<string> {
    await this.desk.view(actor, experimentId);
    if (!isPlotKind(kind)) throw new UnknownPlot();
    const { contents, spec } = await this.chosen(experimentId, modelId, response);
    return this.compute.run('plot', { contents, spec, query: { ...query, kind }, width: width ?? null, height: height ?? null, as });
  }

  private async chosen(experimentId: string, modelId: string | undefined, response: string | undefined): Promise<Model> {
    if (modelId !== undefined && response !== undefined) throw new PlotRefused('both', 'Name the model or the response, not both.', 'response');
    if (modelId !== undefined) return modelOf(this.db, experimentId, modelId);
    const responseId = response === undefined ? undefined : await this.responseId(experimentId, response);
    const newest = await this.db.findOne(Model, { where: { experimentId, ...(responseId !== undefined && { responseId }) }, order: { id: 'DESC' } });
    if (!newest) throw new NoModel(response);
    return newest;
  }

  private async responseId(experimentId: string, named: string): Promise<string> {
    const responses = await responsesOf(this.db, experimentId);
    const found = responses.find(({ id, name }) => id === named || name === named);
    if (found) return found.id;
    throw new PlotRefused('response', `${named} is no response of this experiment; there are ${responses.map(({ name }) => name).join(', ') || 'none'}.`, 'response');
  }
}

function isPlotKind(kind: string): kind is PlotKind {
  return (PLOT_KINDS as readonly string[]).includes(kind);
}
