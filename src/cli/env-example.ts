import { environmentName } from '../platform/config/load-settings.js';
import { Settings } from '../platform/config/settings.js';

const HEAD = `# Every setting of Provost with its default. Copy to .env and change what you need; the environment wins over the file.
# Made from src/platform/config/settings.ts by: npm run --silent provost -- env-example > .env.example
`;

/** `.env.example`, from the source of the settings class: sections, doc comments, names and defaults. */
export function envExample(source: string): string {
  const defaults = new Settings() as unknown as Record<string, unknown>;
  const lines = [HEAD];
  let comment = '';
  for (const line of source.slice(source.indexOf('export class Settings')).split('\n')) {
    const section = /^ {2}\/\/ --- (.+)$/.exec(line);
    const told = /^ {2}\/\*\* (.+) \*\/$/.exec(line);
    const live = /^ {2}@Live\('(.+)'\)$/.exec(line);
    const property = /^ {2}(\w+)\??: /.exec(line);
    if (section) lines.push(`# ---------- ${section[1]}\n`);
    if (told) comment = told[1]!;
    if (live) comment = live[1]!.replaceAll("\\'", "'");
    if (property) {
      lines.push(`# ${comment}`, `#${environmentName(property[1]!)}=${textOf(defaults[property[1]!])}\n`);
      comment = '';
    }
  }
  return lines.join('\n');
}

function textOf(value: unknown): string {
  return value === undefined ? '' : [value as string | number | boolean].flat().join(',');
}
