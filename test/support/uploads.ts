import { randomBytes } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
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

/** An upload that goes on for as long as somebody reads it. */
export interface Endless {
  readonly request: ClientRequest;
  /** How many bytes were handed to the connection. */
  sent(): number;
  readonly answered: Promise<{ status: number; body: string }>;
}

/** @param declared the Content-Length that it claims; chunked without one */
export function endlessUpload(api: Api, caller: Caller, declared?: number): Endless {
  const headers = { authorization: `Bearer ${caller.credential}`, 'content-type': 'multipart/form-data; boundary=b', ...(declared !== undefined && { 'content-length': String(declared) }) };
  const sending = request(`${api.url}/api/v1/documents`, { method: 'POST', headers });
  let sent = 0;
  let isOver = false;
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  const more = (): void => {
    while (!isOver) {
      sent += chunk.length;
      if (!sending.write(chunk)) return;
    }
  };
  sending.on('drain', () => setImmediate(more));
  sending.on('close', () => (isOver = true));
  const answered = new Promise<{ status: number; body: string }>((resolve, reject) => {
    sending.on('response', (response) => {
      isOver = true;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => resolve({ status: response.statusCode!, body }));
    });
    sending.on('error', reject);
  });
  // Whoever breaks it off does not wait for the answer.
  answered.catch(() => undefined);
  sending.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n');
  more();
  return { request: sending, sent: () => sent, answered };
}
