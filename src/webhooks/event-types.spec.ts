import { readFileSync } from 'node:fs';
import { EVENT_TYPES } from './event-types.js';

describe('types of events', () => {
  it('are those of docs/webhooks.md, in the same words', () => {
    const rows = [...readFileSync('docs/webhooks.md', 'utf8').matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| (.+?) \| /gm)].map(([, type, when]) => [type, when]);
    expect(rows).toEqual(Object.entries(EVENT_TYPES));
  });
});
