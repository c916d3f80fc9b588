import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as send, createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { until } from './until.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with exactly these headers; from another address of this machine where one is given. */
export function ask(port: number, path: string, headers: Record<string, string> = {}, { method = 'GET', body = '', from = '127.0.0.1' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, path, method, headers, localAddress: from, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject).end(body);
  });
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An application that knows nothing of Provost: it tells what arrived. */
export class PlainApplication {
  readonly seen: Seen[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<PlainApplication> {
    const server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        application.seen.push({ method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() });
        answer.end('let through');
      });
    });
    const application = new PlainApplication(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return application;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

export interface Ports {
  readonly provost: number;
  readonly application: number;
}

/** A reverse proxy as its example below deploy/ sets it up, but for the ports. */
export class ForwardProxy {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static nginx(ports: Ports): Promise<ForwardProxy> {
    return ForwardProxy.start('nginx', (folder, port) => {
      const example = withPorts(readFileSync('deploy/nginx/forward-auth.conf', 'utf8'), ports).replace('listen 80;', `listen 127.0.0.1:${port};`);
      const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
      writeFileSync(join(folder, 'nginx.conf'), `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${places}\n${example}\n}`);
      return ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
    });
  }

  static caddy(ports: Ports): Promise<ForwardProxy> {
    return ForwardProxy.start('caddy', (folder, port) => {
      const example = withPorts(readFileSync('deploy/caddy/Caddyfile', 'utf8'), ports).replace('app.example.org {', `http://127.0.0.1:${port} {`);
      writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${example}`);
      return ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'];
    });
  }

  private static async start(program: string, prepare: (folder: string, port: number) => string[]): Promise<ForwardProxy> {
    const folder = mkdtempSync(join(tmpdir(), `provost-${program}-`));
    mkdirSync(join(folder, 'home'));
    const port = await freePort();
    const child = spawn(program, prepare(folder, port), { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: `${process.env.PATH}:/usr/sbin`, HOME: join(folder, 'home') } });
    const printed: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    const failed = new Promise<never>((_, reject) => child.once('error', reject).once('exit', () => reject(new Error(`${program} ended:\n${printed.join('')}`))));
    failed.catch(() => undefined);
    const listens = (): Promise<boolean> => ask(port, '/').then(() => true, () => false);
    await Promise.race([until(listens), failed]);
    return new ForwardProxy(child, folder, port);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function withPorts(example: string, { provost, application }: Ports): string {
  return example.replaceAll('127.0.0.1:3000', `127.0.0.1:${provost}`).replaceAll('127.0.0.1:8080', `127.0.0.1:${application}`);
}
