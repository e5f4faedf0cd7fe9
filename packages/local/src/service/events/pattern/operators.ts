// Compiles a member of a pattern's array, a literal or an operator, to a test of a value.
import { BlockList, isIP } from "node:net";
import { PatternError } from "./error.ts";
import { wildcard } from "./wildcard.ts";

/** A leaf of an event. */
export type Leaf = string | number | boolean | null;
export type ValueTest = { absent: true } | { absent: false; test: (value: Leaf) => boolean };

const present = (test: (value: Leaf) => boolean): ValueTest => ({ absent: false, test });
const text = (test: (value: string) => boolean) =>
  present((value) => typeof value === "string" && test(value));

const operators: Record<string, (operand: unknown, name: string) => ValueTest> = {
  prefix: (operand, name) => text(affix(operand, name, "startsWith")),
  suffix: (operand, name) => text(affix(operand, name, "endsWith")),
  "equals-ignore-case": (operand, name) => {
    const expected = string(operand, name).toLowerCase();
    return text((value) => value.toLowerCase() === expected);
  },
  wildcard: (operand, name) => text(wildcard(string(operand, name))),
  numeric: (operand) => {
    const inRange = numeric(operand);
    return present((value) => typeof value === "number" && inRange(value));
  },
  cidr: (operand, name) => text(cidr(string(operand, name))),
  exists: (operand) => {
    if (typeof operand !== "boolean") throw new PatternError(`"exists" must be true or false`);
    return operand ? present(() => true) : { absent: true };
  },
  "anything-but": anythingBut,
};

export const isOperator = (name: string) => Object.hasOwn(operators, name);

export function compileMember(member: unknown, field: string): ValueTest {
  if (Array.isArray(member)) throw new PatternError(`Arrays nested inside the array of "${field}"`);
  if (member === null || typeof member !== "object") return present((value) => value === member);
  const [name, ...more] = Object.keys(member);
  if (name === undefined || more.length > 0)
    throw new PatternError(`Only one key is allowed in a match expression of "${field}"`);
  const compile = isOperator(name) && operators[name];
  if (!compile) throw new PatternError(`Unrecognized match type ${name} in "${field}"`);
  return compile((member as Record<string, unknown>)[name], name);
}

function affix(operand: unknown, name: string, how: "startsWith" | "endsWith") {
  if (typeof operand === "object" && operand !== null) {
    const [key, ...more] = Object.keys(operand);
    if (key !== "equals-ignore-case" || more.length > 0)
      throw new PatternError(`"${name}" takes a string or {"equals-ignore-case": string}`);
    const folded = string((operand as Record<string, unknown>)[key], key).toLowerCase();
    return (value: string) => value.toLowerCase()[how](folded);
  }
  const expected = string(operand, name);
  return (value: string) => value[how](expected);
}

function anythingBut(operand: unknown): ValueTest {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
    const [name, ...more] = Object.keys(operand);
    if (name === undefined || more.length > 0)
      throw new PatternError(`"anything-but" takes one operator, a value or a list`);
    return anythingButOperator(name, (operand as Record<string, unknown>)[name]);
  }
  const refused: unknown[] = Array.isArray(operand) ? operand : [operand];
  const strings = refused.every((value) => typeof value === "string");
  const numbers = refused.every((value) => typeof value === "number");
  if (refused.length === 0 || !(strings || numbers))
    throw new PatternError(`"anything-but" takes strings or numbers, not both and nothing else`);
  const set = new Set<unknown>(refused);
  return present((value) => !set.has(value));
}

function anythingButOperator(name: string, operand: unknown): ValueTest {
  if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name))
    throw new PatternError(`Unsupported anything-but pattern: ${name}`);
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new PatternError(`"anything-but" ${name} must not be an empty list`);
  const tests = list.map((value) => {
    const expected = string(value, name);
    // Every string has an empty prefix and suffix: the pattern could never match.
    if (expected === "" && name.endsWith("fix")) throw new PatternError(`"${name}" must not be empty`);
    return operators[name]!(expected, name);
  });
  return present((value) => !tests.some((one) => !one.absent && one.test(value)));
}

function string(value: unknown, name: string): string {
  if (typeof value !== "string") throw new PatternError(`"${name}" must be a string`);
  return value;
}

function numeric(operand: unknown): (value: number) => boolean {
  const usage = `"numeric" takes ["=", number] or one lower and/or one upper bound`;
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    throw new PatternError(usage);
  const bounds = new Map<string, number>();
  for (let at = 0; at < operand.length; at += 2) {
    const [sign, bound] = [operand[at] as unknown, operand[at + 1] as unknown];
    if (typeof sign !== "string" || !["=", ">", ">=", "<", "<="].includes(sign) || typeof bound !== "number")
      throw new PatternError(usage);
    const side = sign[0]!;
    if (bounds.has(side) || (side === "=" && operand.length > 2)) throw new PatternError(usage);
    bounds.set(side, bound);
  }
  const [low, high, exact] = [bounds.get(">"), bounds.get("<"), bounds.get("=")];
  if (low !== undefined && high !== undefined && low >= high)
    throw new PatternError(`"numeric": the lower bound must be below the upper bound`);
  const [lowClosed, highClosed] = [operand.includes(">="), operand.includes("<=")];
  return (value) =>
    (exact === undefined || value === exact) &&
    (low === undefined || (lowClosed ? value >= low : value > low)) &&
    (high === undefined || (highClosed ? value <= high : value < high));
}

function cidr(block: string): (value: string) => boolean {
  const [address = "", bits, ...more] = block.split("/");
  const family = isIP(address);
  const length = Number(bits);
  if (!family || more.length > 0 || !/^\d{1,3}$/.test(bits ?? "") || length > (family === 4 ? 32 : 128))
    throw new PatternError(`"cidr": malformed CIDR ${block}`);
  const name = family === 4 ? "ipv4" : "ipv6";
  const blocks = new BlockList();
  blocks.addSubnet(address, length, name);
  return (value) => isIP(value) === family && blocks.check(value, name);
}
