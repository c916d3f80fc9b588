import type { Listing } from '../platform/lists/listing.js';
import { MessageLog } from './message-log.entity.js';

const filters: Listing<MessageLog>['filters'] = {
  conversationId: { kind: 'text' },
  model: { kind: 'text' },
  createdAt: { kind: 'instant' },
};

/** Everybody's, in the order in which they arrived: their ids begin with that time. */
export const MESSAGE_LOGS_LIST: Listing<MessageLog> = {
  resource: 'message-logs',
  entity: MessageLog,
  sorts: {},
  defaultSort: '-id',
  filters: { userId: { kind: 'text' }, ...filters },
};

/** One user's, in the order in which they took place. */
export const USER_MESSAGE_LOGS_LIST: Listing<MessageLog> = {
  resource: 'message-logs',
  entity: MessageLog,
  sorts: { createdAt: { kind: 'instant' } },
  defaultSort: '-createdAt',
  filters,
};
