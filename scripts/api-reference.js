import { withService } from './built-service.js';

/** Writes docs/api-reference.md to stdout, from the OpenAPI document of the built service: `node scripts/api-reference.js > docs/api-reference.md`. */
const HEAD = `# API reference

Made from the OpenAPI document by \`node scripts/api-reference.js\`; a test fails when it is out of date. How to call the API, and how to
get clients for it: [api.md](api.md). Every route may answer 400, 429 and 503, those that need a credential 401 and 403 as well; what
else a route refuses with is said there. A field with a question mark may be left out.
`;

const OF_ALL = ['400', '429', '503'];
const OF_CLOSED = [...OF_ALL, '401', '403'];

await withService(process.argv[2], async (url) => {
  const document = await (await fetch(`${url}/docs-json?version=3.0.3`)).json();
  process.stdout.write(reference(document));
});

function reference({ tags, paths, components: { schemas } }) {
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const chapters = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `## ${name}\n\n${description}\n\n${own.map(route).join('\n')}`;
  });
  const shapes = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => shape(name, schema));
  return `${HEAD}\n${contents(tags)}\n\n${chapters.join('\n')}\n## Shapes\n\n${shapes.join('\n')}`;
}

function contents(tags) {
  return [...tags.map(({ name }) => name), 'Shapes'].map((name) => `[${name}](#${name.toLowerCase()})`).join(' · ');
}

function route({ path, method, operation }) {
  const { summary, description = '', parameters = [], requestBody, responses } = operation;
  const lines = [`### ${method.toUpperCase()} ${path}`, '', [summary, ...description.split('\n\n')].map((each) => each.replaceAll('\n', ' ')).join(' '), ''];
  const named = parameters.filter((parameter) => !parameter.$ref && parameter.in !== 'path');
  if (parameters.some(({ $ref }) => $ref)) lines.push('- pages, sorting and filters as in [lists.md](lists.md)');
  for (const parameter of named) lines.push(`- ${parameter.in} \`${parameter.name}\`${parameter.required ? '' : '?'} ${kind(parameter.schema)}${said(parameter)}`);
  if (requestBody) lines.push(`- body: ${contentOf(requestBody)}`);
  const [good, refusals] = [true, false].map((isGood) => Object.entries(responses).filter(([status]) => status.startsWith('2') === isGood));
  for (const [status, response] of good) lines.push(`- ${status}: ${contentOf(response) || response.description}`);
  const special = refusals.filter(([status, response]) => response['x-codes'] || !(operation['x-public'] ? OF_ALL : OF_CLOSED).includes(status));
  if (special.length > 0) lines.push(`- refuses with ${special.map(refusal).join('; ')}`);
  return `${lines.join('\n')}\n`;
}

function refusal([status, { 'x-codes': codes = [] }]) {
  return [status, ...codes.map((code) => `\`${code}\``)].join(' ');
}

function contentOf({ content = {} }) {
  return Object.entries(content).map(([type, { schema = {} }]) => (type === 'application/json' ? kind(schema) : schema.$ref ? `${kind(schema)} as \`${type}\`` : `\`${type}\``)).join(', ');
}

function shape(name, { properties = {}, required = [] }) {
  const fields = Object.entries(properties).map(([field, schema]) => `- \`${field}\`${required.includes(field) ? '' : '?'} ${kind(schema)}${said(schema)}`);
  return `### ${name}\n\n${fields.join('\n')}\n`;
}

function said({ description }) {
  return description ? `: ${description.replaceAll('\n', ' ')}` : '';
}

/** A type in a few characters; what has a shape of its own is a link to it. */
function kind({ $ref, allOf, oneOf, type, items, format, enum: values, default: usual, nullable, minimum, maximum, minLength, maxLength, additionalProperties }) {
  const one = $ref ?? allOf?.[0]?.$ref;
  const name = one?.split('/').at(-1);
  const base = name ? `[${name}](#${name.toLowerCase()})` : oneOf ? oneOf.map(kind).join(' or ') : type === 'array' ? `list of ${kind(items)}` : values ? listed(values) : typeof additionalProperties === 'object' ? `map of ${kind(additionalProperties)}` : (format ?? type ?? 'anything');
  const bounds = range(minimum ?? minLength, maximum ?? maxLength);
  return `${base}${nullable ? ' or null' : ''}${bounds}${usual === undefined ? '' : `, ${JSON.stringify(usual)} unless given`}`;
}

/** In an order of its own: the compiler's, of the members of a union, depends on what it compiled before. */
function listed(values) {
  return values.map((value) => `\`${value}\``).sort().join(', ');
}

function range(least, most) {
  if (least === undefined && most === undefined) return '';
  return most === undefined ? ` (${least} or more)` : least === undefined ? ` (up to ${most})` : ` (${least} to ${most})`;
}
