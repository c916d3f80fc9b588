import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { withService } from './built-service.js';

/**
 * Writes a Postman collection to stdout: `node scripts/postman.js http://127.0.0.1:3000 > provost.postman.json`.
 * The converter comes with the tests: `npm ci --prefix test/clients`. Variables: `baseUrl` and `accessToken`, which may be an API key.
 */
const require = createRequire(new URL('../test/clients/package.json', import.meta.url));
const Converter = require('openapi-to-postmanv2');
const OPTIONS = { folderStrategy: 'Tags', requestNameSource: 'Fallback', parametersResolution: 'Example' };

await withService(process.argv[2], async (baseUrl) => {
  const document = await (await fetch(`${baseUrl}/docs-json`)).json();
  const { result, reason, output } = await promisify(Converter.convertV2.bind(Converter))({ type: 'json', data: document }, OPTIONS);
  if (!result) throw new Error(reason);
  const collection = output[0].data;
  collection.auth = { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] };
  // The converter makes variables of what is a part of a path's segment.
  const others = (collection.variable ?? []).filter(({ key }) => key !== 'baseUrl');
  collection.variable = [{ key: 'baseUrl', value: baseUrl, type: 'string' }, { key: 'accessToken', value: '', type: 'string' }, ...others];
  requestsOf(collection).forEach((item) => finish(item, document));
  process.stdout.write(`${JSON.stringify(collection, null, 1)}\n`);
});

function requestsOf(item) {
  return item.request ? [item] : item.item.flatMap(requestsOf);
}

/** What is open to everybody sends no credentials; all else takes those of the collection. */
function finish(item, { paths }) {
  const { method, url } = item.request;
  const path = `/${url.path.join('/').replace(/:(\w+)|\{\{(\w+)\}\}/g, '{$1$2}')}`;
  if (paths[path][method.toLowerCase()]['x-public']) item.request.auth = { type: 'noauth' };
  else delete item.request.auth;
  delete item.response;
}
