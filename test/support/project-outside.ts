import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { transformSync } from '@swc/core';

const REPOSITORY = resolve('.');
const APPS = 'test/clients/apps';
/** Where each package of an application lies: the service's own or those of test/clients. */
const PACKAGES: Record<string, string> = {
  provost: '.',
  express: 'test/clients/node_modules/express',
  '@types/express': 'test/clients/node_modules/@types/express',
  '@types/node': 'node_modules/@types/node',
  '@nestjs': 'node_modules/@nestjs',
  fastify: 'node_modules/fastify',
  'reflect-metadata': 'node_modules/reflect-metadata',
  rxjs: 'node_modules/rxjs',
};

/** A folder as an application has it: `provost` is one of its packages. */
export class ProjectOutside {
  readonly folder = mkdtempSync(join(tmpdir(), 'provost-application-'));

  constructor() {
    for (const [name, path] of Object.entries(PACKAGES)) {
      mkdirSync(dirname(join(this.folder, 'node_modules', name)), { recursive: true });
      symlinkSync(join(REPOSITORY, path), join(this.folder, 'node_modules', name));
    }
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    for (const app of ['express.mjs', 'fastify.mjs', 'nest.ts']) copyFileSync(join(APPS, app), join(this.folder, app));
    writeFileSync(join(this.folder, 'nest.mjs'), compiled(readFileSync(join(APPS, 'nest.ts'), 'utf8')));
  }

  /** What the TypeScript compiler has to say about these files, of which nothing but the text is given. */
  async compilerSays(files: Record<string, string>): Promise<string> {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, name), text);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext', '--types', 'node', '--experimentalDecorators', '--emitDecoratorMetadata'];
    const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    return new Promise((done) => execFile(process.execPath, [compiler, ...options, ...Object.keys(files), 'nest.ts'], { cwd: this.folder }, (_, stdout) => done(stdout)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** One of the applications of test/clients/apps, in a process of its own. */
export class Application {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly printed: readonly string[],
  ) {}

  static async start({ folder }: ProjectOutside, name: string, environment: Record<string, string>): Promise<Application> {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, [join(folder, `${name}.mjs`)], { env: { PATH, HOME, TMPDIR, PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
    const url = await new Promise<string>((serves, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => serves(line.replace('serving at ', '')));
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${printed.join('')}`)));
    });
    return new Application(child, url, printed);
  }

  /** What it complained about. */
  get complaints(): string {
    return this.printed.join('');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}

function compiled(source: string): string {
  const parser = { syntax: 'typescript', decorators: true } as const;
  return transformSync(source, { jsc: { target: 'es2022', parser, transform: { legacyDecorator: true, decoratorMetadata: true } }, module: { type: 'es6' } }).code;
}
