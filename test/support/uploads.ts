import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Api, Caller } from './api.js';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { id: string; code?: string };
}

export interface UploadOptions {
  readonly method?: string;
  readonly path?: string;
  readonly fileName?: string;
  readonly fields?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** A form as its sender makes it: nothing about the file's name is cleaned up. */
export function formOf(file: Buffer, { fileName = 'book.pdf', fields = {} }: UploadOptions = {}): { body: Buffer; type: string } {
  const boundary = `--form-${randomBytes(8).toString('hex')}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: application/pdf\r\n\r\n`;
  const others = Object.entries(fields).map(([name, value]) => `\r\n--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`).join('');
  return { body: Buffer.concat([Buffer.from(head), file, Buffer.from(`${others}\r\n--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` };
}

export async function upload(api: Api, caller: Caller, file: Buffer, options: UploadOptions = {}): Promise<Answered> {
  const { body, type } = formOf(file, options);
  const headers = { authorization: `Bearer ${caller.credential}`, 'content-type': type, ...options.headers };
  const response = await fetch(`${api.url}/api/v1${options.path ?? '/documents'}`, { method: options.method ?? 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answered['body'] };
}

/** An upload that goes on for as long as somebody reads it, whatever the answer is. */
export interface Endless {
  /** Bytes that went to the other side or lie in buffers. */
  sent(): number;
  breakOff(): void;
  readonly answered: Promise<{ status: number; body: string }>;
  /** The connection is gone. */
  readonly ended: Promise<void>;
}

const CHUNK = Buffer.alloc(64 * 1024, 0x20);

/** @param declared the Content-Length that it claims; chunked without one */
export function endlessUpload(api: Api, caller: Caller, declared?: number): Endless {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  const length = declared === undefined ? 'transfer-encoding: chunked' : `content-length: ${declared}`;
  const send = (bytes: Buffer): boolean => socket.write(declared === undefined ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]) : bytes);
  const more = (): void => {
    while (socket.writable && send(CHUNK));
  };
  let text = '';
  const answered = new Promise<{ status: number; body: string }>((resolve) => {
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const [, status, body] = /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n(\{[^]*\})/.exec(text) ?? [];
      if (body !== undefined) resolve({ status: Number(status), body });
    });
  });
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => undefined).on('drain', () => setImmediate(more));
  socket.write(`POST /api/v1/documents HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${caller.credential}\r\ncontent-type: multipart/form-data; boundary=b\r\n${length}\r\n\r\n`);
  send(Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'));
  more();
  return { sent: () => socket.bytesWritten, breakOff: () => void socket.destroy(), answered, ended };
}
