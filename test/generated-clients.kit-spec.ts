import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BuiltService, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';

const run = promisify(execFile);
const LONG = 300_000;
const STRICT = { strict: true, target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', types: ['node'], skipLibCheck: true, outDir: 'built' };

interface Folder {
  readonly name?: string;
  readonly request?: { method: string; url: { host: string[]; path: string[] }; auth?: { type: string } | null; body?: { raw: string } };
  readonly item?: Folder[];
}

/** Programs of others make clients from the document of a running Provost. */
describe('what is generated from the OpenAPI document', () => {
  let scratch: Scratch;
  let service: BuiltService;
  let folder: string;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start(environmentOf(scratch));
    folder = mkdtempSync(join(tmpdir(), 'provost-clients-'));
    symlinkSync(resolve('test/clients/node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'openapi.json'), await (await fetch(`${service.url}/docs-json`)).text());
  }, LONG);
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const node = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, PROVOST_URL: service.url }, maxBuffer: 64 * 1024 * 1024 }).catch((error: { stdout: string; message: string }) => Promise.reject(new Error(`${error.message}\n${error.stdout}`)))).stdout;

  it('compiles strictly and does the main job: openapi-typescript with openapi-fetch, and @hey-api/openapi-ts', async () => {
    await node('node_modules/openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'provost.d.ts');
    await node('node_modules/@hey-api/openapi-ts/bin/run.js', '-i', 'openapi.json', '-o', 'hey-api');
    const programs = ['openapi-fetch.ts', 'hey-api.ts'];
    for (const program of programs) copyFileSync(resolve('test/clients/generated', program), join(folder, program));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, files: programs }));
    await node('node_modules/typescript/bin/tsc');
    for (const program of programs) {
      const told: unknown = JSON.parse(await node(`built/${program.replace(/ts$/, 'js')}`));
      expect([program, told]).toEqual([program, { remaining: 99, accepted: 1, said: ['Why is the sky blue?', 'Air scatters short waves more.'], status: 404, code: 'message-log.not-found' }]);
    }
  }, LONG);

  it('is the reference in docs/api-reference.md, which is up to date', async () => {
    const { stdout } = await run(process.execPath, ['scripts/api-reference.js', service.url], { maxBuffer: 16 * 1024 * 1024 });
    expect(readFileSync('docs/api-reference.md', 'utf8')).toBe(stdout);
  });

  it('is a Postman collection of every operation, in a folder a tag, whose credentials are said once', async () => {
    const { paths, tags } = (await (await fetch(`${service.url}/docs-json`)).json()) as { paths: Record<string, Record<string, { 'x-public'?: boolean }>>; tags: { name: string }[] };
    const { stdout } = await run(process.execPath, ['scripts/postman.js', service.url], { maxBuffer: 64 * 1024 * 1024 });
    const collection = JSON.parse(stdout) as Folder & { auth: object; variable: { key: string; value: string }[] };
    expect(collection.auth).toEqual({ type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] });
    expect(collection.variable.slice(0, 2).map(({ key, value }) => [key, value])).toEqual([['baseUrl', service.url], ['accessToken', '']]);
    expect(collection.item!.map(({ name }) => name).sort()).toEqual(tags.map(({ name }) => name).sort());
    const register = collection.item!.find(({ name }) => name === 'auth')!.item!.find(({ name }) => name!.startsWith('Makes an account'))!;
    expect(JSON.parse(register.request!.body!.raw)).toMatchObject({ username: 'ada' });
    const requests = (item: Folder): NonNullable<Folder['request']>[] => (item.request ? [item.request] : (item.item ?? []).flatMap(requests));
    const made = requests(collection).map(({ method, url, auth }) => `${method} /${url.path.join('/').replace(/:(\w+)|\{\{(\w+)\}\}/g, '{$1$2}')} ${auth?.type ?? 'inherited'}`);
    const documented = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation['x-public'] ? 'noauth' : 'inherited'}`));
    expect(made.sort()).toEqual(documented.sort());
  }, LONG);
});
