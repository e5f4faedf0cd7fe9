// The grammar that all expressions share: paths, values, function calls and conditions.
import { invalid } from "../error.ts";
import { MAX_EXPRESSION_BYTES } from "../limits.ts";
import type { Comparator, Condition, Operand, Path } from "./ast.ts";
import { checkCall, checkOperands } from "./check.ts";
import { tokenize, type Tokens } from "./lexer.ts";
import type { Placeholders } from "./placeholders.ts";

export interface Source extends Tokens {
  placeholders: Placeholders;
  /** Parentheses that are open. */
  depth: number;
  /** The content of the last parenthesis: a second pair around it is redundant. */
  enclosed?: Node;
}

/** Keywords, which cannot be attribute names. */
const keywords = new Set(["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"]);
const comparators = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** Parses the whole expression with `rule`. */
export function parse<T>(
  parameter: string,
  text: string,
  placeholders: Placeholders,
  rule: (source: Source) => T,
): T {
  if (text === "") throw invalid(`Invalid ${parameter}: The expression can not be empty;`);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EXPRESSION_BYTES) {
    throw invalid(
      `Invalid ${parameter}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
    );
  }
  const source: Source = { ...tokenize(parameter, text), placeholders, depth: 0 };
  const result = rule(source);
  if (source.peek().kind !== "end") throw source.unexpected();
  return result;
}

export const parseCondition = (parameter: string, text: string, placeholders: Placeholders) =>
  parse(parameter, text, placeholders, (source) => asCondition(source, parseOr(source)));

/** A parenthesis may contain either; the token after it decides. */
type Node = Condition | Operand;

function parseOr(source: Source): Node {
  let left = parseAnd(source);
  while (source.take("OR")) {
    left = { kind: "or", left: asCondition(source, left), right: asCondition(source, parseAnd(source)) };
  }
  return left;
}

function parseAnd(source: Source): Node {
  let left = parseNot(source);
  while (source.take("AND")) {
    left = { kind: "and", left: asCondition(source, left), right: asCondition(source, parseNot(source)) };
  }
  return left;
}

function parseNot(source: Source): Node {
  if (source.take("NOT")) return { kind: "not", inner: asCondition(source, parseNot(source)) };
  return parseComparison(source);
}

function parseComparison(source: Source): Node {
  const left = parseTerm(source);
  if (comparators.has(source.peek().text)) {
    const operand = asOperand(source, left);
    const operator = source.next().text as Comparator;
    return checkOperands(source.parameter, {
      kind: "compare",
      operator,
      left: operand,
      right: asOperand(source, parseTerm(source)),
    });
  }
  if (source.peek().kind !== "word") return left;
  if (source.take("BETWEEN")) {
    const operand = asOperand(source, left);
    const low = asOperand(source, parseTerm(source));
    source.expect("AND");
    return checkOperands(source.parameter, {
      kind: "between",
      operand,
      low,
      high: asOperand(source, parseTerm(source)),
    });
  }
  if (source.take("IN")) {
    const operand = asOperand(source, left);
    source.expect("(");
    return checkOperands(source.parameter, { kind: "in", operand, list: parseList(source) });
  }
  return left;
}

function parseTerm(source: Source): Node {
  if (!source.take("(")) return parseOperand(source);
  const inner = nested(source, parseOr);
  source.expect(")");
  if (inner === source.enclosed) {
    throw invalid(`Invalid ${source.parameter}: The expression has redundant parentheses;`);
  }
  source.enclosed = inner;
  return inner;
}

/** No expression may have more operators than this; deeper parentheses would overflow the stack. */
const MAX_DEPTH = 300;

/** Parses what is in parentheses. */
export function nested<T>(source: Source, rule: (source: Source) => T): T {
  if (++source.depth > MAX_DEPTH)
    throw invalid(`Invalid ${source.parameter}: The expression has too many nested parentheses;`);
  const inner = rule(source);
  source.depth--;
  return inner;
}

export function parseOperand(source: Source): Operand {
  const token = source.peek();
  if (token.kind === "value") {
    source.next();
    return { kind: "value", value: source.placeholders.value(source.parameter, token.text) };
  }
  if (token.kind === "word" && source.peek(1).text === "(") {
    source.next();
    source.next();
    return checkCall(source.parameter, { kind: "call", name: token.text, args: parseList(source) });
  }
  return { kind: "path", path: parsePath(source) };
}

/** Operands up to the closing parenthesis; the opening one is consumed already. */
function parseList(source: Source): Operand[] {
  const list = nested(source, () => {
    const operands = [parseOperand(source)];
    while (source.take(",")) operands.push(parseOperand(source));
    return operands;
  });
  source.expect(")");
  return list;
}

export function parsePath(source: Source): Path {
  const path: Path = [parseName(source)];
  for (;;) {
    if (source.take(".")) path.push(parseName(source));
    else if (source.take("[")) {
      if (source.peek().kind !== "index") throw source.unexpected();
      path.push(Number(source.next().text));
      source.expect("]");
    } else return path;
  }
}

function parseName(source: Source): string {
  const token = source.peek();
  if ((token.kind !== "word" && token.kind !== "name") || keywords.has(token.text.toUpperCase())) {
    throw source.unexpected();
  }
  const name = source.placeholders.name(source.parameter, token.text);
  source.next();
  return name;
}

const booleanFunctions = new Set([
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
]);

function asCondition(source: Source, node: Node): Condition {
  if (node.kind === "path" || node.kind === "value") throw source.unexpected();
  if (node.kind === "call" && !booleanFunctions.has(node.name)) throw misused(source, node.name);
  return node as Condition;
}

function asOperand(source: Source, node: Node): Operand {
  if (node.kind === "path" || node.kind === "value") return node;
  if (node.kind !== "call") throw source.unexpected();
  if (booleanFunctions.has(node.name)) throw misused(source, node.name);
  return node;
}

const misused = (source: Source, name: string) =>
  invalid(
    `Invalid ${source.parameter}: The function is not allowed to be used this way in an expression; function: ${name}`,
  );
