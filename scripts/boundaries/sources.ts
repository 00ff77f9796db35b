import ts from "typescript";

/** One place where a source reads something that belongs to the platform. */
export interface SourceViolation {
  rule: "environment-in-config-alone" | "clock-in-platform-alone" | "randomness-in-platform-alone";
  path: string;
  line: number;
  what: string;
}

const cryptoRandomness = new Set([
  "randomBytes",
  "randomUUID",
  "randomInt",
  "randomFill",
  "randomFillSync",
  "webcrypto",
]);
const isTest = /\.(test|bench)\.tsx?$|\/test\//;

type Found = Pick<SourceViolation, "rule" | "what">;

function ofMember(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Found | undefined {
  const object = node.expression.getText();
  const member = ts.isPropertyAccessExpression(node) ? node.name.text : node.argumentExpression.getText().slice(1, -1);
  const what = `${object}.${member}`;
  if (/(^|\.)process$/.test(object) && member === "env") return { rule: "environment-in-config-alone", what };
  if (/(^|\.)Date$/.test(object) && member === "now") return { rule: "clock-in-platform-alone", what };
  if (/(^|\.)performance$/.test(object) && member === "timeOrigin") return { rule: "clock-in-platform-alone", what };
  if (/(^|\.)Math$/.test(object) && member === "random") return { rule: "randomness-in-platform-alone", what };
  if (/(^|\.)(crypto|webcrypto)$/.test(object) && /^(random|getRandomValues)/.test(member)) {
    return { rule: "randomness-in-platform-alone", what };
  }
  return undefined;
}

function ofImport(node: ts.ImportSpecifier): Found | undefined {
  const declaration = node.parent.parent.parent;
  if (!ts.isImportDeclaration(declaration) || !ts.isStringLiteral(declaration.moduleSpecifier)) return undefined;
  const from = declaration.moduleSpecifier.text.replace(/^node:/, "");
  const name = (node.propertyName ?? node.name).text;
  const what = `${name} of node:${from}`;
  if (from === "process" && name === "env") return { rule: "environment-in-config-alone", what };
  if (from === "crypto" && cryptoRandomness.has(name)) return { rule: "randomness-in-platform-alone", what };
  return undefined;
}

function inspect(node: ts.Node): Found | undefined {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return ofMember(node);
  if (ts.isImportSpecifier(node)) return ofImport(node);
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && (node.arguments?.length ?? 0) === 0) {
    return { rule: "clock-in-platform-alone", what: "new Date()" };
  }
  if (
    ts.isVariableDeclaration(node) &&
    node.initializer?.getText() === "process" &&
    ts.isObjectBindingPattern(node.name)
  ) {
    const takesEnvironment = node.name.elements.some(
      (element) => (element.propertyName ?? element.name).getText() === "env",
    );
    if (takesEnvironment) return { rule: "environment-in-config-alone", what: "{ env } = process" };
  }
  return undefined;
}

function isAllowed(rule: SourceViolation["rule"], path: string): boolean {
  if (isTest.test(path) || !/^packages\/[^/]+\/src\//.test(path)) return true;
  if (rule === "environment-in-config-alone") return path.startsWith("packages/server/src/platform/config/");
  // The pages and the SDK run on other people's machines: there is no platform there to ask.
  return !path.startsWith("packages/server/src/") || path.startsWith("packages/server/src/platform/clock/");
}

/** Reads of the environment, the wall clock and randomness in `text`, where the file at `path` may not make them. */
export function inspectSource(path: string, text: string): SourceViolation[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const violations: SourceViolation[] = [];
  const visit = (node: ts.Node): void => {
    const found = inspect(node);
    if (found !== undefined && !isAllowed(found.rule, path)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      violations.push({ ...found, path, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return violations;
}
