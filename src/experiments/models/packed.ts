import { deflateSync, inflateSync } from 'node:zlib';
import type { ModelContents } from './figures.js';

/** As deflated JSON. Takes tens of milliseconds for a thousand runs: where it is long, a worker thread does it. */
export function packed(contents: ModelContents): Buffer {
  return deflateSync(JSON.stringify(contents));
}

export function unpacked({ contents }: { readonly contents: Uint8Array }): ModelContents {
  return JSON.parse(inflateSync(contents).toString()) as ModelContents;
}
