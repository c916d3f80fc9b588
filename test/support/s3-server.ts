import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** As much of S3 as keeping files needs: objects whole and in parts, ranges, deleting. Signatures are not checked. */
export class S3Server {
  readonly objects = new Map<string, Buffer>();
  readonly parts = new Map<string, Map<number, Buffer>>();
  /** Answered with 503 while it is true. */
  isAway = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<S3Server> {
    const server = createServer();
    const s3 = new S3Server(server);
    server.on('request', (request, response) => void s3.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return s3;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const body = await buffer(request);
    if (this.isAway) return void response.writeHead(503).end();
    const upload = searchParams.get('uploadId');
    if (request.method === 'PUT') return this.put(pathname, upload, Number(searchParams.get('partNumber')), body, response);
    if (request.method === 'POST') return this.post(pathname, upload, response);
    if (request.method === 'DELETE') {
      if (upload === null) this.objects.delete(pathname);
      else this.parts.delete(upload);
      return void response.writeHead(204).end();
    }
    this.get(pathname, request.headers.range, response);
  }

  private put(key: string, upload: string | null, part: number, body: Buffer, response: ServerResponse): void {
    if (upload === null) this.objects.set(key, body);
    else this.parts.get(upload)!.set(part, body);
    response.writeHead(200, { etag: `"${body.length}-${part}"` }).end();
  }

  private post(key: string, upload: string | null, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/xml' });
    if (upload === null) {
      const id = `upload-${this.parts.size + 1}`;
      this.parts.set(id, new Map());
      return void response.end(`<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    }
    const parts = [...this.parts.get(upload)!].sort(([a], [b]) => a - b);
    this.objects.set(key, Buffer.concat(parts.map(([, part]) => part)));
    response.end(`<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"all"</ETag></CompleteMultipartUploadResult>`);
  }

  private get(key: string, range: string | undefined, response: ServerResponse): void {
    const object = this.objects.get(key);
    if (!object) return void response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>');
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const bytes = from === undefined ? object : object.subarray(Number(from), Number(to) + 1);
    response.writeHead(from === undefined ? 200 : 206, { 'content-length': bytes.length }).end(bytes);
  }
}
