/** What other processes must hear of. The subject is the id of the session, principal, key, rule, plan or computation; of `usage-rules`, whose plan or override changed, the user's. */
export type Topic =
  | 'session-ended'
  | 'sessions-ended'
  | 'principal-changed'
  | 'key-changed'
  | 'data-key-erased'
  | 'usage-rules'
  | 'signing-keys'
  | 'ip-rules'
  | 'plans'
  | 'settings'
  | 'computation-ended';
