/** What other processes must hear of. The subject is the id of the session, principal, key, rule or plan. */
export type Topic =
  | 'session-ended'
  | 'sessions-ended'
  | 'principal-changed'
  | 'key-changed'
  | 'data-key-erased'
  | 'signing-keys'
  | 'ip-rules'
  | 'plans'
  | 'settings';
