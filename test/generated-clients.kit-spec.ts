import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
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

interface Body {
  readonly content?: Record<string, { schema?: object; example?: unknown }>;
}

interface Operation {
  readonly parameters?: { name?: string; required?: boolean; schema?: object }[];
  readonly requestBody?: Body;
  readonly responses: Record<string, Body>;
  readonly 'x-public'?: boolean;
}

interface Document {
  readonly openapi: string;
  readonly servers: object[];
  readonly tags: { name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, { properties: Record<string, object> }> };
}

/** JSON bodies, with where they stand as a JSON pointer. */
function contents(body: Body | undefined, place: string[]): { example: unknown; pointer: string }[] {
  const json = body?.content?.['application/json'];
  const pointer = [...place, 'content', 'application/json'].map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  return json ? [{ example: json.example, pointer }] : [];
}

/** Of the linters that are installed beside the tests' clients. */
const clients = createRequire(resolve('test/clients/package.json'));
const { default: Ajv2020 } = clients('ajv/dist/2020.js') as { default: new (options: object) => Validator };
const formats = clients('ajv-formats') as (validator: Validator) => void;

interface Validator {
  addSchema(schema: object, name: string): void;
  validate(schema: object, value: unknown): boolean;
}

/** Programs of others make clients from the document of a running Provost. */
describe('the OpenAPI document, and what is generated from it', () => {
  let scratch: Scratch;
  let service: BuiltService;
  let folder: string;
  let document: Document;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start(environmentOf(scratch));
    folder = mkdtempSync(join(tmpdir(), 'provost-clients-'));
    symlinkSync(resolve('test/clients/node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const text = await (await fetch(`${service.url}/docs-json`)).text();
    writeFileSync(join(folder, 'openapi.json'), text);
    document = JSON.parse(text) as Document;
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

  it('is made from a document in 3.1 and in 3.0.3, as JSON and as the same in YAML; other versions are refused', async () => {
    for (const [query, version] of [['', '3.1.0'], ['?version=3.1', '3.1.0'], ['?version=3.0.3', '3.0.3'], ['?version=3.0', '3.0.3']]) {
      const [json, yaml] = await Promise.all(['json', 'yaml'].map(async (format) => (await fetch(`${service.url}/docs-${format}${query}`)).text()));
      const document = JSON.parse(json!) as Document;
      expect([document.openapi, document.servers]).toEqual([version, [{ url: '/' }]]);
      expect(parse(yaml!)).toEqual(document);
    }
    const refused = await fetch(`${service.url}/docs-json?version=2.0`, { headers: { 'accept-encoding': 'identity' } });
    expect([refused.status, refused.headers.get('content-type'), await refused.json()]).toEqual([400, 'application/problem+json; charset=utf-8', expect.objectContaining({ code: 'validation.failed' })]);
  });

  it('shows of every JSON body an example that its schema allows', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats(ajv);
    ajv.addSchema(document, 'document');
    const bodies = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody, responses }]) => [
        ...contents(requestBody, ['paths', path, method, 'requestBody']),
        ...Object.entries(responses).flatMap(([status, response]) => contents(response, ['paths', path, method, 'responses', status])),
      ]),
    );
    expect(bodies.length).toBeGreaterThan(400);
    const wrong = bodies.filter(({ example, pointer }) => !ajv.validate({ $ref: `document#${pointer}/schema` }, example));
    expect(wrong.map(({ pointer }) => pointer)).toEqual([]);
  });

  it('says what validators check: whole numbers, bounds that are computed, bounds that are excluded, and what may be left out', () => {
    const { schemas } = document.components;
    expect(schemas.MoveCreditsDto!.properties.amount).toMatchObject({ type: 'integer', minimum: -1_000_000_000, maximum: 1_000_000_000 });
    expect(schemas.LimitsRequestDto!.properties.alpha).toMatchObject({ type: 'number', exclusiveMinimum: 0, maximum: 0.5 });
    const statement = document.paths['/api/v1/usage/statement']!.get!.parameters!.find(({ name }) => name === 'limit');
    expect(statement).toMatchObject({ required: false, schema: { type: 'integer', default: 20, minimum: 1, maximum: 100 } });
  });

  it('names the codes that each operation refuses with, as they are found in its code', async () => {
    expect(document.paths['/api/v1/usage/consume']!.post!.responses).toMatchObject({ 402: { 'x-codes': ['usage.insufficient-credits'] }, 429: { 'x-codes': ['usage.limit-reached'] } });
    const { stdout } = await run(process.execPath, ['scripts/refusals.js'], { maxBuffer: 16 * 1024 * 1024 });
    expect(readFileSync('src/openapi/refusals.ts', 'utf8')).toBe(stdout);
  }, LONG);

  it('is the reference in docs/api-reference.md, which is up to date', async () => {
    const { stdout } = await run(process.execPath, ['scripts/api-reference.js', service.url], { maxBuffer: 16 * 1024 * 1024 });
    expect(readFileSync('docs/api-reference.md', 'utf8')).toBe(stdout);
  });

  it('is a Postman collection of every operation, in a folder a tag, whose credentials are said once', async () => {
    const { stdout } = await run(process.execPath, ['scripts/postman.js', service.url], { maxBuffer: 64 * 1024 * 1024 });
    const collection = JSON.parse(stdout) as Folder & { auth: object; variable: { key: string; value: string }[] };
    expect(collection.auth).toEqual({ type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] });
    expect(collection.variable.slice(0, 2).map(({ key, value }) => [key, value])).toEqual([['baseUrl', service.url], ['accessToken', '']]);
    expect(collection.item!.map(({ name }) => name).sort()).toEqual(document.tags.map(({ name }) => name).sort());
    const register = collection.item!.find(({ name }) => name === 'auth')!.item!.find(({ name }) => name!.startsWith('Makes an account'))!;
    expect(JSON.parse(register.request!.body!.raw)).toMatchObject({ username: 'ada' });
    const requests = (item: Folder): NonNullable<Folder['request']>[] => (item.request ? [item.request] : (item.item ?? []).flatMap(requests));
    const made = requests(collection).map(({ method, url, auth }) => `${method} /${url.path.join('/').replace(/:(\w+)|\{\{(\w+)\}\}/g, '{$1$2}')} ${auth?.type ?? 'inherited'}`);
    const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation['x-public'] ? 'noauth' : 'inherited'}`));
    expect(made.sort()).toEqual(documented.sort());
  }, LONG);
});
