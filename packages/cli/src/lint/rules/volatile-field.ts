import type { ts } from 'ts-morph';
import { readContextMethod } from '../context-call.ts';
import { findDeclaration, readFunction } from '../find-declaration.ts';
import { listNodes } from '../list-nodes.ts';
import type { FoundFault, LintedFile, LintRule } from '../lint-rule.ts';
import { findSyncOptions, nameOf, readProperty } from '../sync-options.ts';

/** How far functions are followed from `save`: `.map(toIssue)`, and what toIssue calls. */
const mostSteps = 4;

const ownTimes = /^(?:fetched|synced|retrieved|scraped|pulled|crawled)_?(?:at|on|time|date)$/i;

/** A field that differs each time although the record did not change: every run writes every record again. */
export const volatileField: LintRule = {
  name: 'volatile-field',
  severity: 'warning',
  *findFaults(file) {
    const { ts } = file;
    const options = findSyncOptions(file);
    if (options === undefined) return;
    const seen = new Set<ts.Node>();
    for (const node of listNodes(ts, file.source)) {
      if (!ts.isCallExpression(node)) continue;
      const method = readContextMethod(file, node);
      const [model, records] = node.arguments;
      if ((method !== 'save' && method !== 'update') || model === undefined || records === undefined) continue;
      const declared = readDeclared(file, { options, model: ts.isStringLiteralLike(model) ? model.text : '' });
      yield* judgeRecords(file, { node: records, declared, seen, steps: mostSteps });
    }
    yield* judgeModels(file, { options, seen });
  },
};

interface Search {
  readonly node: ts.Node;
  readonly declared: readonly string[];
  readonly seen: Set<ts.Node>;
  readonly steps: number;
}

function* judgeRecords(file: LintedFile, { node, declared, seen, steps }: Search): Generator<FoundFault> {
  const { ts } = file;
  for (const inner of listNodes(ts, node)) {
    if (seen.has(inner)) continue;
    const isShorthand = ts.isShorthandPropertyAssignment(inner);
    if (isShorthand || ts.isPropertyAssignment(inner)) {
      const value = isShorthand ? inner.name : inner.initializer;
      const what = findVolatile(file, value, mostSteps);
      if (what === undefined) continue;
      seen.add(inner);
      const path = readPath(file, inner);
      if (isDeclared(path, declared)) continue;
      yield describeFault(inner, path, `is \`${what}\``);
    } else if (ts.isIdentifier(inner) && steps > 0) {
      const declaration = findDeclaration(file, inner);
      if (declaration === undefined || seen.has(declaration) || declaration.getSourceFile().isDeclarationFile) continue;
      const target = readFunction(file, declaration) ?? readValue(file, declaration);
      if (target === undefined || target === node) continue;
      seen.add(declaration);
      yield* judgeRecords(file, { node: target, declared, seen, steps: steps - 1 });
    }
  }
}

/** Models with a field for when the sync read something, unless it is declared. */
function* judgeModels(
  file: LintedFile,
  { options, seen }: { options: ts.ObjectLiteralExpression; seen: ReadonlySet<ts.Node> },
): Generator<FoundFault> {
  const { ts } = file;
  const models = readProperty(file, options, 'models');
  if (models === undefined || !ts.isObjectLiteralExpression(models)) return;
  const found = new Set([...seen].flatMap((node) => ('name' in node ? [(node.name as ts.Node).getText()] : [])));
  for (const model of models.properties) {
    const schema = readSchema(file, model);
    if (schema === undefined || model.name === undefined) continue;
    const declared = readDeclared(file, { options, model: nameOf(model.name as ts.PropertyName) });
    for (const field of schema.properties) {
      if (field.name === undefined) continue;
      const name = nameOf(field.name);
      if (!ownTimes.test(name) || found.has(name) || isDeclared(name, declared)) continue;
      yield describeFault(field, name, 'tells by its name when the sync read the record');
    }
  }
}

function describeFault(node: ts.Node, path: string, what: string): FoundFault {
  const isId = path === 'id';
  return {
    node,
    message: isId
      ? `\`id\` ${what}: every run saves every record as another one.`
      : `\`${path}\` ${what}: every run changes every record, and shows it in the change feed.`,
    hint: isId
      ? "Take the provider's id, or make one of fields that stay the same."
      : `Leave it out (each record has the time of its change already), or declare it: \`modelOptions: { <Model>: { volatile: ['${path}'] } }\`.`,
  };
}

/** The object literal of `z.object({...})`, also behind a name. */
function readSchema(file: LintedFile, model: ts.Node): ts.ObjectLiteralExpression | undefined {
  const { ts } = file;
  const value = ts.isPropertyAssignment(model)
    ? model.initializer
    : ts.isShorthandPropertyAssignment(model)
      ? model.name
      : undefined;
  if (value === undefined) return undefined;
  const declaration = ts.isIdentifier(value) ? findDeclaration(file, value) : undefined;
  const call = declaration === undefined ? value : readValue(file, declaration);
  if (
    call === undefined ||
    !ts.isCallExpression(call) ||
    !/\bobject$|\bstrictObject$|\blooseObject$/.test(call.expression.getText())
  )
    return undefined;
  const [shape] = call.arguments;
  return shape !== undefined && ts.isObjectLiteralExpression(shape) ? shape : undefined;
}

function readValue({ ts }: LintedFile, declaration: ts.Declaration): ts.Expression | undefined {
  return ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
}

/** What in an expression differs each time: `Date.now()`. */
function findVolatile(file: LintedFile, value: ts.Expression, steps: number): string | undefined {
  const { ts } = file;
  for (const node of listNodes(
    ts,
    value,
    (inner) => !ts.isObjectLiteralExpression(inner) && !ts.isFunctionLike(inner),
  )) {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0)
      return 'new Date()';
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      if (/^(?:Date\.now|Math\.random|performance\.now|(?:\w+\.)?randomUUID|process\.hrtime(?:\.bigint)?)$/.test(name))
        return `${name}()`;
    }
    if (ts.isIdentifier(node) && steps > 0) {
      const declaration = findDeclaration(file, node);
      const initializer = declaration === undefined ? undefined : readValue(file, declaration);
      if (initializer === undefined || ts.findAncestor(node, (outer) => outer === initializer)) continue;
      const what = findVolatile(file, initializer, steps - 1);
      if (what !== undefined) return what;
    }
  }
  return undefined;
}

/** `meta.fetchedAt` of `{ meta: { fetchedAt } }`; lists between are passed through, as in `volatile` itself. */
function readPath({ ts }: LintedFile, field: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): string {
  const path = [nameOf(field.name)];
  let node: ts.Node = field.parent;
  while (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isPropertyAssignment(node)) {
    if (ts.isPropertyAssignment(node)) path.unshift(nameOf(node.name));
    node = node.parent;
  }
  return path.join('.');
}

/** The volatile paths of a model; those of all models when a call does not name its model. */
function readDeclared(
  file: LintedFile,
  { options, model }: { options: ts.ObjectLiteralExpression; model: string },
): string[] {
  const { ts } = file;
  const all = readProperty(file, options, 'modelOptions');
  const owner = model === '' ? all : readProperty(file, all, model);
  if (owner === undefined) return [];
  const lists = [...listNodes(ts, owner)].filter(
    (node): node is ts.PropertyAssignment => ts.isPropertyAssignment(node) && nameOf(node.name) === 'volatile',
  );
  return lists.flatMap((list) =>
    [...listNodes(ts, list.initializer)].flatMap((node) => (ts.isStringLiteralLike(node) ? [node.text] : [])),
  );
}

function isDeclared(path: string, declared: readonly string[]): boolean {
  return declared.some((known) => path === known || path.startsWith(`${known}.`) || known.endsWith(`.${path}`));
}
