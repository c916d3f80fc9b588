import type { Topic } from './topic.entity.js';
import { DEEPEST, TopicInsideItself, TopicTooDeep } from './topics.problems.js';

type Node = Pick<Topic, 'id' | 'parentId' | 'position'>;

/** All topics of one owner, as a tree: what may go where, and who comes after whom. */
export class TopicTree<T extends Node> {
  private readonly byId: ReadonlyMap<string, T>;

  constructor(private readonly topics: readonly T[]) {
    this.byId = new Map(topics.map((topic) => [topic.id, topic]));
  }

  get(id: string): T | undefined {
    return this.byId.get(id);
  }

  /** In their order. */
  childrenOf(parentId: string | null): T[] {
    return this.topics.filter((topic) => topic.parentId === parentId).sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
  }

  /** A new topic has no id yet, and nothing in it. */
  mustFit(id: string | undefined, parentId: string | null): void {
    const above = this.pathTo(parentId);
    if (id !== undefined && above.includes(id)) throw new TopicInsideItself();
    if (above.length + (id === undefined ? 1 : this.heightOf(id)) > DEEPEST) throw new TopicTooDeep();
  }

  /** The siblings of a place with the topic put in at this position, from 0; at the end without one. */
  order(topic: T, parentId: string | null, position: number | undefined): T[] {
    const siblings = this.childrenOf(parentId).filter(({ id }) => id !== topic.id);
    return siblings.toSpliced(Math.min(position ?? siblings.length, siblings.length), 0, topic);
  }

  private pathTo(id: string | null): string[] {
    const path: string[] = [];
    for (let at = id; at !== null; at = this.byId.get(at)?.parentId ?? null) path.push(at);
    return path;
  }

  private heightOf(id: string): number {
    return 1 + Math.max(0, ...this.childrenOf(id).map((child) => this.heightOf(child.id)));
  }
}
