import { Problem } from '../../platform/problems/problem.js';

export const DEEPEST = 8;
export const MOST_TOPICS = 1000;

export class TopicInsideItself extends Problem {
  constructor() {
    super('rule-broken', 'topics.cycle', 'A topic cannot be moved into itself or into a topic that lies in it.', { violations: [{ pointer: '/parentId', code: 'cycle', detail: 'This topic lies inside the one that is moved.' }] });
  }
}

export class TopicTooDeep extends Problem {
  constructor() {
    super('rule-broken', 'topics.too-deep', `Topics are nested ${DEEPEST} deep at most.`, { violations: [{ pointer: '/parentId', code: 'too-deep', detail: `At most ${DEEPEST} levels.` }] });
  }
}

export class TooManyTopics extends Problem {
  constructor() {
    super('rule-broken', 'topics.too-many', `You may have ${MOST_TOPICS} topics at most.`);
  }
}
