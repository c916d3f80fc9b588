/*
 * One thread that hashes passwords, at lower priority than the rest of the process, so that a storm of sign-ins takes
 * the processor time that nobody else wants. On Linux a thread has a priority of its own; elsewhere it stays as it is.
 */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { compareSync } from 'bcryptjs';

const NICENESS = 10;

try {
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICENESS);
} catch {
  // Not Linux, or not allowed: hashing then competes on equal terms.
}

parentPort.on('message', ({ tasks, options }) => {
  parentPort.postMessage(tasks.map((task) => answerOf(task, options)));
});

function answerOf({ task, password, hash }, options) {
  try {
    return { result: task === 'hash' ? hashSync(password, options) : verified(hash, password) };
  } catch (error) {
    return { error: String(error) };
  }
}

/** Hashes brought along from other systems may be bcrypt's. */
function verified(hash, password) {
  return hash.startsWith('$2') ? compareSync(password, hash) : verifySync(hash, password);
}
