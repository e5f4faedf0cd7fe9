// UpdateExpression: its four sections, each at most once.
import { invalid } from "../error.ts";
import { typeOf, type ValueType } from "../value/value.ts";
import type { Operand, Path, Update, UpdateValue } from "./ast.ts";
import { checkType } from "./check.ts";
import { nested, parse, parseOperand, parsePath, type Source } from "./parser.ts";
import { checkNoOverlap } from "./path.ts";
import type { Placeholders } from "./placeholders.ts";

const PARAMETER = "UpdateExpression";
type Section = keyof Update;

/** The long type names in errors of update expressions. */
const longNames: Record<ValueType, string> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  L: "LIST",
  M: "MAP",
};
const addable: ValueType[] = ["N", "SS", "NS", "BS"];
const deletable: ValueType[] = ["SS", "NS", "BS"];

export function parseUpdate(text: string, placeholders: Placeholders): Update {
  const update = parse(PARAMETER, text, placeholders, parseSections);
  checkNoOverlap(PARAMETER, updatedPaths(update));
  return update;
}

export const updatedPaths = (update: Update): Path[] =>
  [update.set, update.remove, update.add, update.delete].flat().map(({ path }) => path);

function parseSections(source: Source): Update {
  const update: Update = { set: [], remove: [], add: [], delete: [] };
  const seen = new Set<Section>();
  do {
    const section = source.peek().text.toLowerCase() as Section;
    if (!Object.hasOwn(update, section)) throw source.unexpected();
    if (seen.has(section)) {
      throw invalid(
        `Invalid ${PARAMETER}: The "${section.toUpperCase()}" section can only be used once in an update expression;`,
      );
    }
    seen.add(section);
    source.next();
    do parseAction(source, section, update);
    while (source.take(","));
  } while (source.peek().kind !== "end");
  return update;
}

function parseAction(source: Source, section: Section, update: Update) {
  const path = parsePath(source);
  if (section === "remove") {
    update.remove.push({ path });
  } else if (section === "set") {
    source.expect("=");
    update.set.push({ path, value: parseSetValue(source) });
  } else {
    update[section].push({ path, value: parseSetOperand(source, section) });
  }
}

function parseSetOperand(source: Source, section: "add" | "delete") {
  if (source.peek().kind !== "value") throw source.unexpected();
  const operand = parseOperand(source) as Extract<Operand, { kind: "value" }>;
  const type = typeOf(operand.value);
  if (!(section === "add" ? addable : deletable).includes(type)) {
    const operator = section.toUpperCase();
    throw invalid(
      `Invalid ${PARAMETER}: Incorrect operand type for operator or function; operator: ${operator}, operand type: ${longNames[type]}, typeSet: ALLOWED_FOR_${operator}_OPERAND`,
    );
  }
  return operand.value;
}

function parseSetValue(source: Source): UpdateValue {
  const left = parseSetTerm(source);
  const sign = source.peek().text;
  if (sign !== "+" && sign !== "-") return left;
  source.next();
  const right = parseSetTerm(source);
  for (const operand of [left, right]) checkType(PARAMETER, sign, operand, ["N"]);
  return { kind: sign === "+" ? "plus" : "minus", left, right };
}

function parseSetTerm(source: Source): Operand {
  if (!source.take("(")) return parseOperand(source);
  const inner = nested(source, parseSetTerm);
  source.expect(")");
  return inner;
}
