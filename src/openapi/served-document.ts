import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { OpenapiVersion } from './api-document.js';

export type Format = 'json' | 'yaml';

/**
 * The document as it leaves. It weighs a megabyte and is asked for by people and generators, not by applications: what
 * is kept is its text, compressed to a twentieth, and only of the versions that somebody has asked for.
 */
export class ServedDocument {
  private readonly texts = new Map<string, Promise<Buffer>>();

  constructor(private readonly make: (version: OpenapiVersion) => object) {}

  async text(version: OpenapiVersion, format: Format): Promise<string> {
    return (await promisify(gunzip)(await this.compressed(version, format))).toString();
  }

  compressed(version: OpenapiVersion, format: Format): Promise<Buffer> {
    const name = `${version} ${format}`;
    const known = this.texts.get(name);
    if (known) return known;
    const made = written(this.make(version), format).then(promisify(gzip));
    this.texts.set(name, made);
    return made;
  }
}

/** The library of a format is loaded when somebody asks for it. */
async function written(document: object, format: Format): Promise<string> {
  return format === 'json' ? JSON.stringify(document) : (await import('yaml')).stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}
