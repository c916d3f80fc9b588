import type { Scenario } from '../scenario.js';
import { consume, consumeHot } from './consume.js';
import { hello } from './hello.js';
import { me } from './me.js';
import { messageLog, messageLogs } from './message-logs.js';
import { signIn, storm } from './sign-in.js';
import { verify } from './verify.js';

/** Every path, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [hello, verify, me, consume, consumeHot, messageLog, messageLogs, signIn, storm];
