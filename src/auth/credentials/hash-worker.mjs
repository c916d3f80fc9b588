/*
 * One thread that hashes passwords, at lower priority than the rest of the process, so that a storm of sign-ins takes
 * the processor time that nobody else wants. On Linux a thread has a priority of its own; elsewhere it stays as it is.
 */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

const NICENESS = 10;

try {
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICENESS);
} catch {
  // Not Linux, or not allowed: hashing then competes on equal terms.
}

parentPort.on('message', ({ id, task, password, hash, options }) => {
  try {
    const result = task === 'hash' ? hashSync(password, options) : verifySync(hash, password);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
