// Evaluates a condition on an item.
import { compare, equal, hasBytes } from "../value/compare.ts";
import { content, typeOf, type Item, type Value } from "../value/value.ts";
import type { Comparator, Condition, Operand } from "./ast.ts";
import { readPath } from "./path.ts";

export function evaluateCondition(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case "and":
      return evaluateCondition(condition.left, item) && evaluateCondition(condition.right, item);
    case "or":
      return evaluateCondition(condition.left, item) || evaluateCondition(condition.right, item);
    case "not":
      return !evaluateCondition(condition.inner, item);
    case "compare":
      return compares(
        condition.operator,
        readOperand(condition.left, item),
        readOperand(condition.right, item),
      );
    case "between": {
      const value = readOperand(condition.operand, item);
      return (
        compares(">=", value, readOperand(condition.low, item)) &&
        compares("<=", value, readOperand(condition.high, item))
      );
    }
    case "in": {
      const value = readOperand(condition.operand, item);
      return condition.list.some((entry) => compares("=", value, readOperand(entry, item)));
    }
    case "call":
      return calls(condition.name, condition.args, item);
  }
}

/** The operand's value in this item; undefined when the path does not exist. */
export function readOperand(operand: Operand, item: Item): Value | undefined {
  if (operand.kind === "value") return operand.value;
  if (operand.kind === "path") return readPath(item, operand.path);
  return sizeOf(readOperand(operand.args[0]!, item));
}

function compares(operator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  // A missing value is unequal to everything and has no order.
  if (!left || !right) return operator === "<>";
  if (operator === "=") return equal(left, right);
  if (operator === "<>") return !equal(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

function calls(name: string, [first, second]: Operand[], item: Item): boolean {
  const value = readOperand(first!, item);
  if (name === "attribute_exists") return value !== undefined;
  if (name === "attribute_not_exists") return value === undefined;
  const other = second && readOperand(second, item);
  if (!value || !other) return false;
  if (name === "attribute_type") return "S" in other && typeOf(value) === other.S;
  return name === "begins_with" ? beginsWith(value, other) : contains(value, other);
}

function beginsWith(value: Value, prefix: Value): boolean {
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  if ("B" in value && "B" in prefix) {
    return Buffer.compare(value.B.subarray(0, prefix.B.length), prefix.B) === 0;
  }
  return false;
}

function contains(value: Value, part: Value): boolean {
  if ("S" in value && "S" in part) return value.S.includes(part.S);
  if ("B" in value && "B" in part) return Buffer.from(value.B).includes(Buffer.from(part.B));
  if ("SS" in value && "S" in part) return value.SS.includes(part.S);
  if ("NS" in value && "N" in part) return value.NS.includes(part.N);
  if ("BS" in value && "B" in part) return hasBytes(value.BS, part.B);
  return "L" in value && value.L.some((entry) => equal(entry, part));
}

function sizeOf(value: Value | undefined): Value | undefined {
  if (!value || "N" in value || "BOOL" in value || "NULL" in value) return undefined;
  if ("S" in value) return { N: String(Buffer.byteLength(value.S)) };
  const entries = content(value);
  return { N: String("M" in value ? Object.keys(entries).length : entries.length) };
}
