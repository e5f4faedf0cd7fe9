// KeyConditionExpression: the partition to read, and a range of its sort key.
import { invalid, invalidValues } from "../error.ts";
import type { KeyAttribute, KeySchema } from "../storage/table.ts";
import { typeOf, type Value } from "../value/value.ts";
import type { Comparator, Condition, Operand } from "./ast.ts";
import { parseCondition } from "./parser.ts";
import type { Placeholders } from "./placeholders.ts";

export interface KeyCondition {
  hash: Value;
  range?: RangeCondition;
}

export interface RangeCondition {
  operator: Exclude<Comparator, "<>"> | "between" | "begins_with";
  values: Value[];
}

const PARAMETER = "KeyConditionExpression";

interface Part {
  name: string;
  operator: RangeCondition["operator"];
  values: Value[];
}

export function parseKeyCondition(text: string, placeholders: Placeholders): Part[] {
  const parts = conjuncts(parseCondition(PARAMETER, text, placeholders)).map(part);
  if (new Set(parts.map(({ name }) => name)).size < parts.length) {
    throw invalid("KeyConditionExpressions must only contain one condition per key");
  }
  return parts;
}

function conjuncts(condition: Condition): Condition[] {
  if (condition.kind === "and") return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  if (condition.kind === "or" || condition.kind === "not" || condition.kind === "in") {
    throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.kind.toUpperCase()}`);
  }
  return [condition];
}

const mirrored: Partial<Record<Comparator, Comparator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function part(condition: Condition): Part {
  switch (condition.kind) {
    case "compare": {
      const { operator, left, right } = condition;
      if (operator === "<>") throw invalid("Invalid operator used in KeyConditionExpression: <>");
      if (left.kind === "value") {
        return toPart((mirrored[operator] ?? operator) as RangeCondition["operator"], right, [left]);
      }
      return toPart(operator, left, [right]);
    }
    case "between":
      return toPart("between", condition.operand, [condition.low, condition.high]);
    case "call":
      if (condition.name === "begins_with") {
        return toPart("begins_with", condition.args[0]!, condition.args.slice(1));
      }
      throw invalid(`Invalid operator used in KeyConditionExpression: ${condition.name}`);
    default:
      throw new TypeError(`no key condition: ${condition.kind}`);
  }
}

function toPart(operator: RangeCondition["operator"], key: Operand, operands: Operand[]): Part {
  if (key.kind === "value") {
    throw invalid("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (key.kind === "call") {
    throw invalid("KeyConditionExpressions cannot contain nested operations");
  }
  if (key.path.length > 1)
    throw invalid("KeyConditionExpressions cannot have conditions on nested attributes");
  const values = operands.map((operand) => {
    if (operand.kind === "value") return operand.value;
    throw operand.kind === "path"
      ? invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
      : invalid("KeyConditionExpressions cannot contain nested operations");
  });
  return { name: key.path[0], operator, values };
}

/** Matches the parsed conditions with the keys of the queried table or index. */
export function bindKeyCondition(parts: Part[], schema: KeySchema): KeyCondition {
  if (parts.length > 2) throw invalid("Conditions can be of length 1 or 2 only");
  const hash = parts.find(({ name }) => name === schema.hash.name);
  if (!hash) throw invalid(`Query condition missed key schema element: ${schema.hash.name}`);
  if (hash.operator !== "=") throw invalid("Query key condition not supported");
  const rest = parts.find((part) => part !== hash);
  if (rest && rest.name !== schema.range?.name) {
    throw schema.range
      ? invalid(`Query condition missed key schema element: ${schema.range.name}`)
      : invalid("Query key condition not supported");
  }
  checkTypes(schema.hash, hash.values);
  if (!rest) return { hash: hash.values[0]! };
  checkTypes(schema.range!, rest.values);
  if (rest.operator === "begins_with" && schema.range!.type === "N") {
    throw invalidValues("Query condition begins_with is not supported for attribute type N");
  }
  return { hash: hash.values[0]!, range: rest };
}

function checkTypes({ name, type }: KeyAttribute, values: Value[]) {
  for (const value of values) {
    if (typeOf(value) !== type) throw invalidValues("Condition parameter type does not match schema type");
    if (("S" in value && value.S === "") || ("B" in value && value.B.length === 0)) {
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${type === "S" ? "string" : "binary"} value. Key: ${name}`,
      );
    }
  }
}
