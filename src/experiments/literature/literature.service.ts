import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ResultRefused, TooMany } from '../experiments.problems.js';
import { type NamedSettings, settingsById } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import type { ChangeSet } from '../versions/change-set.js';
import { LITERATURE } from '../versions/kinds.js';
import { LiteratureEntry } from './literature-entry.entity.js';

const MOST = 10_000;

export interface EntryTerms extends Pick<LiteratureEntry, 'source' | 'doi' | 'value' | 'weight' | 'metadata'> {
  readonly settings: NamedSettings;
  /** The response's name or id. */
  readonly response: string;
}

/** A published value as people see it. */
export interface ShownEntry {
  readonly entry: LiteratureEntry;
  readonly response: Response;
  readonly parameters: readonly Parameter[];
}

@Injectable()
export class LiteratureService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
  ) {}

  async list(actor: Actor, experimentId: string): Promise<ShownEntry[]> {
    await this.desk.view(actor, experimentId);
    return shown(this.db, experimentId, await this.db.find(LiteratureEntry, { where: { experimentId }, order: { id: 'ASC' } }));
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<ShownEntry> {
    await this.desk.view(actor, experimentId);
    return (await shown(this.db, experimentId, [await entryOf(this.db, experimentId, id)]))[0]!;
  }

  create<T extends object>(actor: Actor, experimentId: string, terms: Partial<EntryTerms>, answer: (entry: ShownEntry) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.desk.change(actor, experimentId, { action: 'literature.create', repeat }, async (set) => {
      if ((await set.tx.countBy(LiteratureEntry, { experimentId })) >= MOST) throw new TooMany('published values', MOST);
      const entry = Object.assign(new LiteratureEntry(), await columns(set, terms));
      await set.insert(LITERATURE, entry);
      return answer((await shown(set.tx, experimentId, [entry]))[0]!);
    });
  }

  update(actor: Actor, experimentId: string, id: string, change: Partial<EntryTerms>, ifVersion?: number): Promise<ShownEntry> {
    return this.desk.change(actor, experimentId, { action: 'literature.update' }, async (set) => {
      const entry = await entryOf(set.tx, experimentId, id);
      if (ifVersion !== undefined && ifVersion !== entry.version) throw new StaleVersion(entry.version);
      await set.update(LITERATURE, entry, await columns(set, change));
      return (await shown(set.tx, experimentId, [entry]))[0]!;
    });
  }

  remove(actor: Actor, experimentId: string, id: string, ifVersion?: number): Promise<ShownEntry> {
    return this.desk.change(actor, experimentId, { action: 'literature.remove' }, async (set) => {
      const entry = await entryOf(set.tx, experimentId, id);
      if (ifVersion !== undefined && ifVersion !== entry.version) throw new StaleVersion(entry.version);
      const answer = await shown(set.tx, experimentId, [entry]);
      await set.remove(LITERATURE, entry);
      return answer[0]!;
    });
  }
}

/** Names of parameters and of the response become their ids. */
async function columns({ tx, experiment: { id } }: ChangeSet, { settings, response: name, ...rest }: Partial<EntryTerms>): Promise<Partial<LiteratureEntry>> {
  const found: Partial<LiteratureEntry> = { ...rest };
  if (settings !== undefined) found.settings = settingsById(await parametersOf(tx, id), settings);
  if (name === undefined) return found;
  const responses = await responsesOf(tx, id);
  const response = responses.find((each) => each.id === name || each.name === name);
  if (!response) throw new ResultRefused('response', `${name.slice(0, 64)} is no response of this experiment; there are ${responses.map((each) => each.name).join(', ') || 'none'}.`);
  return { ...found, responseId: response.id };
}

async function entryOf(db: EntityManager, experimentId: string, id: string): Promise<LiteratureEntry> {
  const entry = await db.findOneBy(LiteratureEntry, { experimentId, id });
  if (!entry) throw new NotFound('published-value');
  return entry;
}

async function shown(db: EntityManager, experimentId: string, entries: readonly LiteratureEntry[]): Promise<ShownEntry[]> {
  const [parameters, responses] = [await parametersOf(db, experimentId), await responsesOf(db, experimentId)];
  const byId = new Map(responses.map((response) => [response.id, response]));
  return entries.map((entry) => ({ entry, parameters, response: byId.get(entry.responseId)! }));
}
