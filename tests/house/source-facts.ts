// What the rules of the house need to know of one source file, from TypeScript's own parse of it.
import ts from 'typescript';

export interface SourceFacts {
  /** Every module the file names: imports, re-exports, `import('x')` types and calls with a literal name. */
  readonly imports: readonly string[];
  /** Every text literal: a package may be found by `require.resolve` instead of an import. */
  readonly texts: ReadonlySet<string>;
  /** Whether the file reads `random` of the global `Math`. */
  readonly usesMathRandom: boolean;
  /** Whether every statement is an export of something from another file, or an import for its effect alone. */
  readonly exportsOnly: boolean;
}

function isMathRandom(node: ts.Node): boolean {
  const isMath = (expression: ts.Expression | undefined) =>
    expression !== undefined && ts.isIdentifier(expression) && expression.text === 'Math';
  if (ts.isPropertyAccessExpression(node)) return isMath(node.expression) && node.name.text === 'random';
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression } = node;
    return (
      isMath(node.expression) && ts.isStringLiteralLike(argumentExpression) && argumentExpression.text === 'random'
    );
  }
  if (ts.isVariableDeclaration(node) && isMath(node.initializer) && ts.isObjectBindingPattern(node.name)) {
    return node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'random');
  }
  return false;
}

/** The module that this node imports from, if it is an import of any kind. */
function importedModule(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return undefined;
}

export function sourceFacts(path: string, text: string): SourceFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = new Set<string>();
  const texts = new Set<string>();
  let usesMathRandom = false;
  const visit = (node: ts.Node): void => {
    const specifier = importedModule(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) imports.add(specifier.text);
    if (ts.isStringLiteralLike(node)) texts.add(node.text);
    usesMathRandom ||= isMathRandom(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const exportsOnly = source.statements.every(
    (statement) =>
      ts.isExportDeclaration(statement) || (ts.isImportDeclaration(statement) && statement.importClause === undefined),
  );
  return { imports: [...imports], texts, usesMathRandom, exportsOnly };
}
