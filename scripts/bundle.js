/*
 * Makes `dist/`, which is what runs, of `build/`, which the compiler writes: the modules of Provost and of most packages in a
 * few files. To find and to read two thousand took two fifths of a start (docs/decisions/0018-bundle.md).
 */
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

const BUILD = resolve('build');
/** Wherever `node_modules` really lies: it may be a link. */
const NEST = join(sep, 'node_modules', '@nestjs', sep);
const DIST = resolve('dist');
/** What is run, on its own or as a thread, and the command line as tests load it. Each lies in `dist/` where its module lies in `build/`. */
const ENTRIES = ['main', 'cli/provost', 'cli/program', 'experiments/computing/compute-worker', 'study/computing/study-worker', 'study/transfer/koreader-process'];
/** Read or run as they are. The middleware is part of other people's applications, whose own copies of packages it uses. */
const AS_THEY_ARE = ['auth/credentials/hash-worker.mjs', 'auth/credentials/common-passwords.txt', 'auth/credentials/common-passwords.LICENSE', 'middleware'];
/**
 * Stay in `node_modules`: what has binaries or files of its own, starts threads from its own files, asks for packages that are
 * not installed, or is loaded by `import()`, which in a bundle answers a package in CommonJS without its names.
 */
const EXTERNAL = [
  '@aws-sdk/*', '@fastify/multipart', '@fastify/static', '@fastify/view', '@hyzyla/pdfium', '@nestjs/microservices', '@nestjs/microservices/*', '@nestjs/platform-express',
  '@nestjs/websockets', '@nestjs/websockets/*', '@node-rs/*', 'class-transformer', 'class-transformer/*', 'class-validator', 'libsql', 'mysql2', 'piscina', 'reflect-metadata', 'typeorm', 'vega',
];
/** Stands for the way from a file of `dist/` to `dist/` itself, until it is known which file a module is in. */
const ROOT = '@dist@';
/** Decorators need `reflect-metadata` before any class, and files of a bundle are read in an order of their own; packages in CommonJS ask for `require`. */
const FIRST = "import 'reflect-metadata';\nimport { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";

const loadedLater = new Set();
const { outputFiles, metafile } = await build({
  entryPoints: ENTRIES.map((entry) => join(BUILD, `${entry}.js`)),
  outbase: BUILD,
  outdir: DIST,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: EXTERNAL,
  banner: { js: FIRST },
  legalComments: 'none',
  logLevel: 'error',
  write: false,
  metafile: true,
  plugins: [
    { name: 'where modules lie', setup: ({ onLoad }) => onLoad({ filter: /\.js$/ }, located) },
    { name: 'what is loaded later', setup: ({ onResolve }) => onResolve({ filter: /^[^./]/ }, later) },
  ],
});
const twice = [...loadedLater].filter((name) => Object.keys(metafile.inputs).some((path) => path.includes(`node_modules/${name}/`)));
if (twice.length > 0) throw new Error(`Would run in two copies, as it is loaded by import() as well: ${twice.join(', ')}. Name it in EXTERNAL.`);

const wanted = new Map(outputFiles.map(({ path, text }) => [path, Buffer.from(text.replaceAll(ROOT, relative(dirname(path), DIST) || '.'))]));
for (const path of AS_THEY_ARE) for (const file of await filesOf(join(BUILD, path))) wanted.set(join(DIST, relative(BUILD, file)), await readFile(file));
// What is the same stays, and with it what a service that runs from here has yet to read.
for (const [path, content] of wanted) if (!content.equals(await readFile(path).catch(() => Buffer.alloc(0)))) await written(path, content);
for (const path of await filesOf(DIST)) if (!wanted.has(path)) await rm(path);

async function written(path, content) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  // npx looks to it at its first call only, and a file that was made anew since could not be run.
  if (content.subarray(0, 2).equals(Buffer.from('#!'))) await chmod(path, 0o755);
}

/** The files in a folder, or the one file. */
async function filesOf(path) {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A module of ours that names files beside itself finds them in `dist/`, whichever file it is in; and its classes keep their names, as Nest's do. */
async function located({ path }) {
  const isOurs = path.startsWith(BUILD + sep);
  if (!isOurs && !path.includes(NEST)) return undefined;
  const text = await readFile(path, 'utf8');
  const place = posix.join(...relative(BUILD, path).split(sep));
  return { contents: named(isOurs ? text.replaceAll('import.meta.url', `new URL('${ROOT}/${place}', import.meta.url).href`) : text), loader: 'js' };
}

/** A package in CommonJS that is asked for by `import()` stays one. */
async function later({ kind, path }) {
  if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
  const about = await readFile(join('node_modules', path, 'package.json'), 'utf8').catch(() => '{}');
  if (JSON.parse(about).type === 'module') return undefined;
  loadedLater.add(path);
  return { path, external: true };
}

/**
 * A bundle renames what has the same name in two modules, and what refers to itself; but names of classes are read at run time:
 * by Swagger for schemas and operations, in logs, which leave out what Nest says of each route. esbuild's `keepNames` would do it
 * for functions too, each time that one is made.
 */
function named(text) {
  const classes = [...text.matchAll(/^(?:export )?class (\w+)|^let (\w+) = (?:\w+ = )?class\b/gm)].map(([, declared, decorated]) => declared ?? decorated);
  return [text, ...classes.map((name) => `Object.defineProperty(${name}, 'name', { value: '${name}', configurable: true });`)].join('\n');
}
