// Static checks of expressions: function names, operand counts and operand types.
import { invalid } from "../error.ts";
import { compare } from "../value/compare.ts";
import { content, typeOf, valueTypes, type Value, type ValueType } from "../value/value.ts";
import { describePath, type Condition, type Operand } from "./ast.ts";

interface Rule {
  operands: number;
  /** The first operand must be a path. */
  path?: boolean;
  /** Types a literal operand may have, by position. */
  types?: (ValueType[] | undefined)[];
  distinct?: boolean;
}

const sized: ValueType[] = ["S", "B", "SS", "NS", "BS", "L", "M"];
const conditionFunctions: Record<string, Rule> = {
  attribute_exists: { operands: 1, path: true },
  attribute_not_exists: { operands: 1, path: true },
  attribute_type: { operands: 2, path: true, types: [undefined, ["S"]] },
  begins_with: {
    operands: 2,
    types: [
      ["S", "B"],
      ["S", "B"],
    ],
    distinct: true,
  },
  contains: { operands: 2, distinct: true },
  size: { operands: 1, types: [sized] },
};
const updateFunctions: Record<string, Rule> = {
  if_not_exists: { operands: 2, path: true },
  list_append: { operands: 2, types: [["L"], ["L"]] },
};
const ordered: ValueType[] = ["S", "N", "B"];
const MAX_IN_OPERANDS = 100;

type Call = Extract<Operand, { kind: "call" }>;

export function checkCall(parameter: string, call: Call): Call {
  const fail = (what: string) => invalid(`Invalid ${parameter}: ${what}`);
  const { name, args } = call;
  const inUpdate = parameter === "UpdateExpression";
  const [own, other] = inUpdate
    ? [updateFunctions, conditionFunctions]
    : [conditionFunctions, updateFunctions];
  const rule = Object.hasOwn(own, name) ? own[name] : undefined;
  if (!rule) {
    throw Object.hasOwn(other, name)
      ? fail(
          `The function is not allowed in ${inUpdate ? "an update" : "a condition"} expression; function: ${name}`,
        )
      : fail(`Invalid function name; function: ${name}`);
  }
  if (args.length !== rule.operands) {
    throw fail(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${args.length}`,
    );
  }
  if (rule.path && args[0]!.kind !== "path") {
    throw fail(`Operator or function requires a document path; operator or function: ${name}`);
  }
  args.forEach((operand, i) => checkType(parameter, name, operand, rule.types?.[i]));
  if (rule.distinct) checkDistinct(parameter, name, args[0]!, args.slice(1));
  if (name === "attribute_type") checkTypeName(parameter, args[1]!);
  return call;
}

export function checkOperands<T extends Condition>(parameter: string, condition: T): T {
  if (condition.kind === "compare") {
    const { operator, left, right } = condition;
    const types = operator === "=" || operator === "<>" ? undefined : ordered;
    for (const operand of [left, right]) checkType(parameter, operator, operand, types);
    checkDistinct(parameter, operator, left, [right]);
  }
  if (condition.kind === "between") {
    const { operand, low, high } = condition;
    for (const bound of [operand, low, high]) checkType(parameter, "BETWEEN", bound, ordered);
    checkDistinct(parameter, "BETWEEN", operand, [low, high]);
    if (low.kind === "value" && high.kind === "value") checkBounds(parameter, low.value, high.value);
  }
  if (condition.kind === "in") checkDistinct(parameter, "IN", condition.operand, condition.list);
  if (condition.kind === "in" && condition.list.length > MAX_IN_OPERANDS) {
    throw invalid(
      `Invalid ${parameter}: The IN operator is provided with too many operands; number of operands: ${condition.list.length}`,
    );
  }
  return condition;
}

export function checkType(parameter: string, name: string, operand: Operand, types: ValueType[] | undefined) {
  const type = knownType(operand);
  if (!types || !type || types.includes(type)) return;
  throw invalid(
    `Invalid ${parameter}: Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

/** The operand's type, when it does not depend on the item. */
function knownType(operand: Operand): ValueType | undefined {
  if (operand.kind === "value") return typeOf(operand.value);
  return operand.kind === "call" && operand.name === "size" ? "N" : undefined;
}

function checkDistinct(parameter: string, name: string, first: Operand, rest: Operand[]) {
  if (first.kind !== "path") return;
  const text = describePath(first.path);
  if (rest.some((operand) => operand.kind === "path" && describePath(operand.path) === text)) {
    throw invalid(
      `Invalid ${parameter}: The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${text}`,
    );
  }
}

function checkTypeName(parameter: string, operand: Operand) {
  const name = operand.kind === "value" ? content(operand.value) : undefined;
  if (name === undefined || valueTypes.includes(name)) return;
  throw invalid(
    `Invalid ${parameter}: Invalid attribute type name found; type: ${name}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}

function checkBounds(parameter: string, low: Value, high: Value) {
  const order = compare(low, high);
  if (order !== undefined && order <= 0) return;
  const rule =
    order === undefined
      ? "same data type for lower and upper bounds"
      : "upper bound to be greater than or equal to lower bound";
  throw invalid(
    `Invalid ${parameter}: The BETWEEN operator requires ${rule}; lower bound operand: AttributeValue: ${describe(low)}, upper bound operand: AttributeValue: ${describe(high)}`,
  );
}

const describe = (value: Value) => `{${typeOf(value)}:${content(value)}}`;
