/** What each type of event says. Ids and what is needed to act on them; never secrets, message text or addresses. */
export interface EventData {
  'user.created': { id: string; username: string };
  'user.updated': { id: string; username: string; changed: string[] };
  'user.banned': { id: string; scope: string; until: string | null };
  'user.unbanned': { id: string; scope: string };
  'user.deleted': { id: string; erasedAfter: string };
  'user.restored': { id: string };
  'user.erased': { id: string };
  'user.plan-changed': { id: string; plan: string | null };
  'user.limits-changed': { id: string; conversationsPerDay?: number | null; creditsPerMonth?: number | null; requestsPerMinute?: number | null; until: string | null };
  'limit.reached': { userId: string; limit: 'conversations' | 'credits'; day: string; resetsAt: string };
  'credits.granted': { userId: string; credits: number; balance: number };
  'credits.adjusted': { userId: string; credits: number; balance: number };
  'key.created': KeyData;
  'key.updated': KeyData;
  'key.rotated': KeyData & { graceSeconds: number };
  'key.revoked': KeyData;
  'experiment.created': { id: string; ownerId: string };
  'experiment.deleted': { id: string; ownerId: string };
  'experiment.shared': { id: string; ownerId: string; userId: string; role: string };
  'experiment.share-ended': { id: string; userId: string };
  'computation.finished': { id: string; experimentId: string; userId: string; kind: string; state: string };
  'document.created': { id: string; userId: string; pages: number };
  'document.replaced': { id: string; userId: string; pages: number };
  'document.deleted': { id: string; userId: string };
  'webhook.test': { webhookId: string };
  'webhook.disabled': { webhookId: string; reason: string };
}

interface KeyData {
  id: string;
  kind: string;
  ownerId: string | null;
  name: string;
  scopes: string[];
}

export type EventType = keyof EventData;

/** Every type, with what it says; docs/webhooks.md has the same table. */
export const EVENT_TYPES: Readonly<Record<EventType, string>> = {
  'user.created': 'A user registered, was made by an admin or was imported.',
  'user.updated': 'Fields of a user changed; `changed` names them.',
  'user.banned': 'A user was banned from signing in or from less; `until` null is for good.',
  'user.unbanned': 'A ban was lifted before its time; one that runs out by itself is not told.',
  'user.deleted': 'A user was deleted and can be restored until `erasedAfter`.',
  'user.restored': 'A deleted user is back.',
  'user.erased': 'Everything about a user is gone for good.',
  'user.plan-changed': 'A user has another plan; null is the default plan.',
  'user.limits-changed': 'A user has other limits than the plan’s until then; `until` null says that the plan decides again.',
  'limit.reached': 'A user was refused for a limit, told once a day for each limit.',
  'credits.granted': 'Credits were granted.',
  'credits.adjusted': 'The balance was corrected, up or down.',
  'key.created': 'An API key or service key was made; of a service key `ownerId` is null.',
  'key.updated': 'Name, scopes, expiry, networks or rate of a key changed.',
  'key.rotated': 'A key has a new secret; the former one works for `graceSeconds` more.',
  'key.revoked': 'A key ended before its time.',
  'experiment.created': 'An experiment was made, copied or read from a file.',
  'experiment.deleted': 'An experiment was deleted.',
  'experiment.shared': 'A user was given access to an experiment, or another role.',
  'experiment.share-ended': 'A user has no access to an experiment any more.',
  'computation.finished': 'A computation has ended; `state` is `done`, `failed` or `cancelled`.',
  'document.created': 'A document was uploaded.',
  'document.replaced': 'The file of a document was replaced.',
  'document.deleted': 'A document was deleted.',
  'webhook.test': 'An admin asked for it; it goes to that webhook alone, whatever that is subscribed to.',
  'webhook.disabled': 'A webhook was disabled because it answered 410 (`gone`) or has taken nothing for days (`failing`).',
};

/** Something that happened, on its way into the transaction that makes it happen. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData[T]; /** Whose it is: it goes when they are erased. */ readonly userId: string | null } }[EventType];
