import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Lowest first; modules of one line are neighbours that must not know each other. */
const LAYERS = [
  ['platform'],
  ['access'],
  ['audit'],
  ['webhooks'],
  ['users'],
  ['stats'],
  ['api-keys'],
  ['auth'],
  ['usage'],
  ['message-logs'],
  ['experiments', 'tasks', 'study'],
  ['staff'],
  ['admin'],
];
/** Stand beside the layers: they may import everything, and no layer imports them. */
const OUTSIDE = ['operations', 'openapi', 'cli', 'migrations'];
/** What applications install: none of the service is in it, and the service has no use for it. */
const APART = 'middleware';
/** The only top-level file that modules may read. */
const FOR_ALL = 'version.ts';

const FILES = sourceFiles('src');
const TOPMOST = LAYERS.length;

describe('the architecture', () => {
  it('knows every folder of src', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !OUTSIDE.includes(name) && name !== APART && layerOf(name) === TOPMOST)).toEqual([]);
  });

  it('imports downwards only, never sideways and never up', () => {
    const wrong = imports().filter(({ from, to }) => {
      if (moduleOf(from) === moduleOf(to) || to === FOR_ALL) return false;
      return layerOf(moduleOf(from)) <= layerOf(moduleOf(to)) && layerOf(moduleOf(from)) < TOPMOST;
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('keeps what applications install apart: neither imports the other', () => {
    const wrong = imports().filter(({ from, to }) => crosses(from, to) && (moduleOf(from) === APART || moduleOf(to) === APART));
    expect(wrong.map(shown)).toEqual([]);
    const packages = FILES.filter(({ path }) => moduleOf(path) === APART).flatMap(({ text }) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name!));
    expect([...new Set(packages.filter((name) => !name.startsWith('node:')))].sort()).toEqual(['jose', 'undici']);
  });

  it('imports no controller and no DTO of another module', () => {
    const wrong = imports().filter(({ from, to }) => crosses(from, to) && moduleOf(to) !== 'platform' && /\.(?:controller|dto)\.ts$/.test(to));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('imports entities of another module as targets of references only', () => {
    // Principal is what all kinds of accounts begin with, so those who make accounts write it.
    const wrong = imports().filter(({ from, to }) => crosses(from, to) && /\.entity\.ts$/.test(to) && !/\.entity\.ts$|^schema\.ts$/.test(from) && to !== 'users/principal.entity.ts');
    expect(wrong.map(shown)).toEqual([]);
  });

  it('reads the environment in one place', () => {
    expect(mentions(/\bprocess\.env\b/, /^platform\/config\//)).toEqual([]);
  });

  it('takes the time from the clock', () => {
    expect(mentions(/\bnew Date\(\)|\bDate\.now\(\)/, /^(?:platform\/(?:clock\/clock|ids\/ids)|middleware\/time)\.ts$/)).toEqual([]);
  });

  it('takes chance from the operating system, since most of it guards something', () => {
    expect(mentions(/\bMath\.random\(/)).toEqual([]);
  });

  it('times no answer that is a file, since that takes as long as the line of its reader', () => {
    const handlers = FILES.filter(({ path }) => /\.controller\.ts$/.test(path)).flatMap(({ text }) => text.split(/^  @(?=Get|Post|Put|Patch|Delete|All)/m).slice(1));
    const files = handlers.filter((handler) => handler.slice(0, handler.search(/ \{$/m)).includes('StreamableFile'));
    expect(files.length).toBeGreaterThan(6);
    expect(files.filter((handler) => !/@RouteConfig\(\{ (?:untimed|streamed): true \}\)/.test(handler))).toEqual([]);
  });

  it('has no any, no forwardRef and no request-scoped providers', () => {
    expect(mentions(/(?:[:<,|]\s*|\bas )any\b(?=[\s;,)>\]|=[]|$)/)).toEqual([]);
    expect(mentions(/\bforwardRef\b/)).toEqual([]);
    expect(mentions(/\bScope\.REQUEST\b/)).toEqual([]);
  });

  it('has no drawers for odds and ends, and no barrels', () => {
    const paths = readdirSync('src', { recursive: true, encoding: 'utf8' });
    expect(paths.filter((path) => /(?:^|\/)(?:common|shared|utils?|helpers?)(?:\/|$|\.ts$)|(?:^|\/)index\.ts$/.test(path))).toEqual([]);
  });
});

interface Import {
  /** Both as paths below src, ending in .ts. */
  from: string;
  to: string;
}

function imports(): Import[] {
  return FILES.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => ({ from: path, to: normalize(join(dirname(path), target!)).replace(/\.js$/, '.ts') })),
  ).filter(({ to }) => !to.startsWith('..'));
}

function shown({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

function crosses(from: string, to: string): boolean {
  return moduleOf(from) !== moduleOf(to);
}

/** The first folder; a top-level file is a module of its own, above all others. */
function moduleOf(path: string): string {
  return path.split('/', 1)[0]!;
}

function layerOf(module: string): number {
  const layer = LAYERS.findIndex((names) => names.includes(module));
  return layer < 0 ? TOPMOST : layer;
}

function mentions(pattern: RegExp, except = /^$/): string[] {
  return FILES.filter(({ path }) => !except.test(path)).flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line) && !/^\s*(?:\*|\/\*|\/\/)/.test(line))
      .map(({ place, line }) => `${place}: ${line.trim()}`),
  );
}

/** What is built; specs are not. */
function sourceFiles(root: string): { path: string; text: string }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.m?ts$/.test(path) && !/\.spec\.ts$/.test(path))
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }));
}
