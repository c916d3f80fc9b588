import { createServer, type IncomingHttpHeaders, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Byte by byte, as the signature is over it. */
  readonly body: string;
}

/** Somebody's server that webhooks are sent to. Answers 200, or what a test says for a path. */
export class Receiver {
  readonly received: Received[] = [];
  /** Connections ever made to it, whatever came of them. */
  connections = 0;
  private readonly answers = new Map<string, (response: ServerResponse) => void>();
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const handle: RequestListener = (request, response) => {
      const path = request.url!;
      void text(request).then((body) => {
        receiver.received.push({ path, headers: request.headers, body });
        (receiver.answers.get(path) ?? ((answer) => answer.end('thanks')))(response);
      });
    };
    const server = createServer(handle);
    const receiver = new Receiver(server);
    server.on('connection', (socket: Socket) => {
      receiver.connections += 1;
      receiver.sockets.add(socket.on('close', () => receiver.sockets.delete(socket)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  answer(path: string, how: number | ((response: ServerResponse) => void)): void {
    this.answers.set(path, typeof how === 'number' ? (response) => response.writeHead(how).end() : how);
  }

  at(path: string): Received[] {
    return this.received.filter((each) => each.path === path);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
