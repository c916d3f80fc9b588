import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, problemAnswer } from './problem-answer.js';

const CLIENT_ERRORS: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 414 };
const MS_TO_READ_ANSWER = 2000;

/** Bytes that are no HTTP request, or come too slowly: answered in the same form as everything else, then the connection is closed. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const thrown = Object.assign(new Error(), { statusCode: CLIENT_ERRORS[error.code ?? ''] ?? 400 });
  const { status, body } = problemAnswer(thrown, { url: '', id: randomUUID() });
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
  // Who goes on sending does not close: ended at once, the connection might lose the answer.
  setTimeout(() => socket.destroy(), MS_TO_READ_ANSWER).unref();
}
