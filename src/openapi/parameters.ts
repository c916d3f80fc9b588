import type { Operation } from './api-document.js';
import { ID } from './examples.js';
import { repaired } from './repairs.js';
import type { Schema } from './schema.js';

type Parameter = NonNullable<Operation['parameters']>[number];

/** Parameters that belong to no class, which could say it in a doc comment. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  id: 'Its id.',
  name: 'Its name.',
  number: 'The number of the version.',
  with: 'The number of the version to compare it with.',
  kind: 'What is drawn.',
  what: 'What the file is about.',
};

export function described(parameter: Parameter): void {
  repaired(parameter);
  if (!('in' in parameter) || parameter.description) return;
  const { name } = parameter;
  const isId = /^id$|Id$/.test(name);
  parameter.description = DESCRIPTIONS[name] ?? `The id of the ${name.replace(/Id$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}.`;
  const schema = parameter.schema as Schema;
  if (schema.type === 'number') schema.type = 'integer';
  if (isId) parameter.example ??= ID;
}
