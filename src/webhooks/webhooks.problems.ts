import { Problem } from '../platform/problems/problem.js';

export class TooManyWebhooks extends Problem {
  constructor(most: number) {
    super('conflict', 'webhooks.too-many', `There may be ${most} webhooks at most: each change reads them all.`);
  }
}

export class DeliveryWaits extends Problem {
  constructor() {
    super('conflict', 'webhooks.delivery-waits', 'This delivery is still waiting for its next attempt, or is being sent at this moment.');
  }
}
