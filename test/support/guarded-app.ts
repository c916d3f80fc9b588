import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ExpressRequest, expressProvost, type GuardOptions, type Provost } from '../../src/middleware/middleware.js';

export interface AppAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The smallest application: says who is calling. `x-spend` says what that costs, `x-end` how it ends: well, `badly` or `never`. */
export class GuardedApp {
  private constructor(
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(provost: Provost, options: GuardOptions<ExpressRequest> = {}): Promise<GuardedApp> {
    const guard = expressProvost(provost, options);
    const server = createServer((request: ExpressRequest & IncomingMessage, response) => {
      guard(request, response, (error) => {
        const { 'x-spend': spend, 'x-end': end } = request.headers;
        if (spend) request.provost?.spend(Number(spend));
        if (end === 'never') return;
        response.statusCode = error || end === 'badly' ? 500 : 200;
        response.end(JSON.stringify(error ? {} : request.provost));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new GuardedApp(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async ask(headers: Record<string, string>, signal?: AbortSignal): Promise<AppAnswer> {
    const answer = await fetch(`${this.url}/things?secret=1`, { headers, signal });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
