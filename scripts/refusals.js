import ts from 'typescript';

/**
 * Writes src/openapi/refusals.ts to stdout: the problems that each operation may be refused with, found by following the calls
 * from its handler to every `new` of a Problem. What guards and pipes refuse everywhere is not in it.
 */
const KINDS = {
  malformed: 400, unauthenticated: 401, 'payment-required': 402, forbidden: 403, 'not-found': 404, conflict: 409, gone: 410, stale: 412, 'too-large': 413,
  'unsupported-media-type': 415, 'range-not-satisfiable': 416, 'rule-broken': 422, 'too-many-requests': 429, unavailable: 503,
};
const EVERYWHERE = ['database.away', 'validation.failed'];
const VERBS = ['Get', 'Post', 'Put', 'Patch', 'Delete', 'All'];

const { fileNames, options } = ts.getParsedCommandLineOfConfigFile('tsconfig.build.json', {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
const program = ts.createProgram(fileNames, { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined });
const checker = program.getTypeChecker();
const classes = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName)).flatMap((file) => file.statements.filter(ts.isClassDeclaration));

const found = classes.filter((each) => decoratorsOf(each).includes('Controller')).flatMap(operationsOf);
const lines = found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, codes]) => `  ${name}: [${codes.map((code) => `'${code}'`).join(', ')}],`);
process.stdout.write(`/** The problems that operations are refused with beyond what every one may be: status and code. Made by scripts/refusals.js; a test fails when it is out of date. */
export const REFUSALS: Readonly<Record<string, readonly string[]>> = {
${lines.join('\n')}
};
`);

function isOurs(fileName) {
  return fileName.includes('/src/') && !fileName.includes('/node_modules/') && !fileName.includes('/migrations/');
}

function decoratorsOf(node) {
  return (ts.getDecorators(node) ?? []).map(({ expression }) => (ts.isCallExpression(expression) ? expression.expression.getText() : expression.getText()));
}

function operationsOf(controller) {
  const methods = checker.getTypeAtLocation(controller).getProperties().flatMap((property) => property.declarations?.filter(ts.isMethodDeclaration) ?? []);
  return methods.filter((method) => decoratorsOf(method).some((each) => VERBS.includes(each))).flatMap((method) => {
    const codes = new Set();
    follow(method, new Set(), codes);
    const name = `${controller.name.text.replace(/Controller$/, '')}_${method.name.getText()}`;
    return codes.size > 0 ? [[name, [...codes].sort()]] : [];
  });
}

function follow(declaration, seen, codes) {
  if (seen.has(declaration)) return;
  seen.add(declaration);
  if (declaration.body) walk(declaration.body, seen, codes);
  else implementationsOf(declaration).forEach((each) => follow(each, seen, codes));
}

function walk(node, seen, codes) {
  if (ts.isNewExpression(node)) made(node, seen, codes);
  else if (ts.isCallExpression(node)) follows(checker.getResolvedSignature(node)?.declaration, seen, codes);
  else if (ts.isIdentifier(node) && ts.isCallExpression(node.parent) && node.parent.arguments.includes(node)) checker.getSymbolAtLocation(node)?.declarations?.filter(ts.isFunctionDeclaration).forEach((each) => follows(each, seen, codes));
  ts.forEachChild(node, (child) => walk(child, seen, codes));
}

function follows(declaration, seen, codes) {
  if (declaration && isOurs(declaration.getSourceFile().fileName)) follow(declaration, seen, codes);
}

/** Of a method that is only promised: those of the classes that keep the promise. */
function implementationsOf({ name, parent }) {
  if (!name || !parent?.name) return [];
  const heirs = classes.filter((each) => each.heritageClauses?.some(({ types }) => types.some(({ expression }) => expression.getText() === parent.name.text)));
  return heirs.flatMap(({ members }) => members.filter((member) => ts.isMethodDeclaration(member) && member.body && member.name.getText() === name.getText()));
}

function made({ expression, arguments: given = [] }, seen, codes) {
  const declaration = classOf(expression);
  if (!declaration || !isOurs(declaration.getSourceFile().fileName)) return;
  const problem = problemOf(declaration, given.map((each) => textOf(each, {})));
  if (problem === undefined) return declaration.members.filter(ts.isConstructorDeclaration).forEach((each) => follow(each, seen, codes));
  const [kind, code] = problem;
  if (KINDS[kind] && code && !EVERYWHERE.includes(code)) codes.add(`${KINDS[kind]} ${code}`);
}

function classOf(expression) {
  const symbol = checker.getSymbolAtLocation(expression);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target?.declarations?.find(ts.isClassDeclaration);
}

/** Kind and code of a problem made with these arguments; undefined for a class that is none. */
function problemOf(declaration, values) {
  if (declaration.name?.text === 'Problem') return values;
  const base = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const parent = base && classOf(base.expression);
  if (!parent) return undefined;
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  if (!constructor) return problemOf(parent, values);
  const known = Object.fromEntries(constructor.parameters.map(({ name, initializer }, index) => [name.getText(), values[index] ?? (initializer && textOf(initializer, {}))]));
  const call = superOf(constructor.body);
  return call ? problemOf(parent, call.arguments.map((each) => textOf(each, known))) : undefined;
}

function superOf(body) {
  return body?.statements.map(({ expression }) => expression).find((each) => each && ts.isCallExpression(each) && each.expression.kind === ts.SyntaxKind.SuperKeyword);
}

/** The text of an expression, as far as it can be told without running it. */
function textOf(expression, known) {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isIdentifier(expression)) return known[expression.text] ?? constantOf(expression);
  if (!ts.isTemplateExpression(expression)) return constantOf(expression);
  const parts = expression.templateSpans.map(({ expression: inner, literal }) => [textOf(inner, known), literal.text]);
  return parts.some(([value]) => value === undefined) ? undefined : expression.head.text + parts.flat().join('');
}

function constantOf(expression) {
  const type = checker.getTypeAtLocation(expression);
  return type.isStringLiteral() ? type.value : undefined;
}
