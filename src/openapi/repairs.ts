/** Where the generator of the document says what does not hold; applied to each schema and parameter, and all inside of it. */
export function repaired(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  withoutRequiredItems(node);
  withoutRequiredDefaults(node);
  Object.values(node).forEach(repaired);
}

/** It calls the inner arrays of lists of lists required, which only properties can be. */
function withoutRequiredItems({ items }: { items?: { required?: unknown } }): void {
  if (typeof items?.required === 'boolean') delete items.required;
}

/** It takes a field that has a default for one that must be sent. */
function withoutRequiredDefaults(node: { in?: string; schema?: Schema; required?: unknown; properties?: Record<string, Schema> }): void {
  if (node.in === 'query' && node.schema?.default !== undefined) node.required = false;
  if (!node.properties || !Array.isArray(node.required)) return;
  const { properties } = node;
  node.required = node.required.filter((name: string) => properties[name]?.default === undefined);
  if ((node.required as string[]).length === 0) delete node.required;
}

interface Schema {
  default?: unknown;
}
