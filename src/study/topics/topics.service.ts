import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { comparable } from '../../platform/http/text.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { Document } from '../documents/document.entity.js';
import { Topic } from './topic.entity.js';
import { TopicTree } from './topic-tree.js';
import { TOPICS_LIST } from './topics.list.js';
import { MOST_TOPICS, TooManyTopics } from './topics.problems.js';

export type TopicTerms = Pick<Topic, 'name' | 'parentId' | 'colour' | 'position'>;

@Injectable()
export class TopicsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly idempotency: Idempotency,
  ) {}

  list(actor: Actor, wanted: Wanted): Promise<ListPage<Topic>> {
    return this.lists.page(TOPICS_LIST, wanted, { sql: 'topics.owner_id = ?', values: [actor.id] });
  }

  get(actor: Actor, id: string): Promise<Topic> {
    return this.mustOwn(this.db, actor, id);
  }

  async mustOwn(db: EntityManager, { id: ownerId }: Actor, id: string): Promise<Topic> {
    const topic = await db.findOneBy(Topic, { id, ownerId });
    if (!topic) throw new NotFound('topic');
    return topic;
  }

  create<T extends object>(actor: Actor, terms: Partial<TopicTerms>, answer: (topic: Topic) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const tree = await this.lockTree(tx, actor);
      if (tree.size >= MOST_TOPICS) throw new TooManyTopics();
      const now = this.clock.now();
      const { position, parentId = null, ...others } = terms;
      const topic = Object.assign(new Topic(), keyed(others), { ownerId: actor.id, parentId, position: 0, createdAt: now, updatedAt: now });
      tree.mustFit(undefined, parentId);
      const order = tree.order(topic, parentId, position);
      topic.position = order.indexOf(topic);
      await insertRow(tx, Topic, topic);
      await this.number(tx, order);
      return answer(topic);
    });
  }

  update(actor: Actor, id: string, { position, parentId, ...others }: Partial<TopicTerms>, ifVersion?: number): Promise<Topic> {
    return this.db.transaction(async (tx) => {
      const tree = await this.lockTree(tx, actor);
      const topic = tree.mustGet(id, ifVersion);
      const target = parentId === undefined ? topic.parentId : parentId;
      const isMoved = target !== topic.parentId || position !== undefined;
      if (isMoved) tree.mustFit(id, target);
      const order = isMoved ? tree.order(topic, target, position) : [];
      Object.assign(topic, keyed(others), { parentId: target, updatedAt: this.clock.now(), version: topic.version + 1 });
      await tx.save(topic);
      await this.number(tx, order);
      return topic;
    });
  }

  /** What lies in it moves up to its parent. */
  remove(actor: Actor, id: string, ifVersion?: number): Promise<Topic> {
    return this.db.transaction(async (tx) => {
      const tree = await this.lockTree(tx, actor);
      const topic = tree.mustGet(id, ifVersion);
      const { parentId } = topic;
      const siblings = tree.childrenOf(parentId);
      const order = siblings.toSpliced(siblings.indexOf(topic), 1, ...tree.childrenOf(id));
      await tx.update(Topic, { parentId: id }, { parentId });
      await tx.update(Document, { topicId: id, ownerId: actor.id }, { topicId: parentId });
      await tx.delete(Topic, { id });
      await this.number(tx, order);
      return topic;
    });
  }

  /** All rows of an owner: who moves topics at the same time waits, so that no two moves make a circle together. */
  private async lockTree(tx: EntityManager, { id: ownerId }: Actor): Promise<OwnTree> {
    return new OwnTree(await tx.find(Topic, { where: { ownerId }, order: { id: 'ASC' }, lock: rowLock(tx) }));
  }

  private async number(tx: EntityManager, order: readonly Topic[]): Promise<void> {
    for (const [position, topic] of order.entries()) {
      if (topic.position === position) continue;
      topic.position = position;
      await tx.update(Topic, { id: topic.id }, { position });
    }
  }
}

/** As a tree of which only its owner's topics are part: others do not exist. */
class OwnTree extends TopicTree<Topic> {
  readonly size: number;

  constructor(topics: readonly Topic[]) {
    super(topics);
    this.size = topics.length;
  }

  mustGet(id: string, ifVersion?: number): Topic {
    const topic = this.get(id);
    if (!topic) throw new NotFound('topic');
    if (ifVersion !== undefined && ifVersion !== topic.version) throw new StaleVersion(topic.version);
    return topic;
  }

  override mustFit(id: string | undefined, parentId: string | null): void {
    if (parentId !== null) this.mustGet(parentId);
    super.mustFit(id, parentId);
  }
}

/** With the name as it is sorted and searched. */
function keyed(terms: Partial<TopicTerms>): Partial<Topic> {
  return terms.name === undefined ? terms : { ...terms, nameKey: comparable(terms.name).slice(0, 240) };
}
