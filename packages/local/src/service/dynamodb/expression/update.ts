// Applies an update to an item. Operands are read from the item before the update.
import { invalid } from "../error.ts";
import { hasBytes } from "../value/compare.ts";
import { addNumbers, subtractNumbers } from "../value/decimal.ts";
import { content, typeOf, type Item, type Value } from "../value/value.ts";
import type { Operand, Path, Update, UpdateValue } from "./ast.ts";
import { readChild, readPath } from "./path.ts";

export function applyUpdate(update: Update, before: Item): Item {
  const after = cloneItem(before);
  const sets = update.set.map(({ path, value }) => ({ path, value: evaluate(value, before) }));
  for (const { path, value } of update.add) {
    sets.push({ path, value: addTo(readPath(before, path), value) });
  }
  const removals = update.remove.map(({ path }) => path);
  for (const { path, value } of update.delete) {
    const current = readPath(before, path);
    if (!current && parentOf(before, path)) continue;
    if (!current) throw badPath();
    const left = deleteFrom(current, value);
    if (left) sets.push({ path, value: left });
    else removals.push(path);
  }
  // Positions refer to the list before the update: append in order, remove the deepest and last positions first.
  sets.sort((a, b) => position(a.path) - position(b.path));
  removals.sort((a, b) => b.length - a.length || position(b) - position(a));
  for (const { path, value } of sets) assign(after, path, value);
  for (const path of removals) remove(after, path);
  return after;
}

const position = (path: Path) => {
  const last = path.at(-1);
  return typeof last === "number" ? last : -1;
};

/** A deep copy, so that changes do not affect the stored value. */
function clone(value: Value): Value {
  if ("M" in value) return { M: cloneItem(value.M) };
  if ("L" in value) return { L: value.L.map(clone) };
  return value;
}

function cloneItem(item: Item): Item {
  const copy = Object.create(null) as Item;
  for (const name of Object.keys(item)) copy[name] = clone(item[name]!);
  return copy;
}

function evaluate(value: UpdateValue, item: Item): Value {
  if (isSum(value)) return calculate(value, item);
  const found = evaluateOperand(value, item);
  if (found) return found;
  throw invalid("The provided expression refers to an attribute that does not exist in the item");
}

type Sum = Exclude<UpdateValue, Operand>;
const isSum = (value: UpdateValue): value is Sum => value.kind === "plus" || value.kind === "minus";

function calculate(value: Sum, item: Item): Value {
  const left = evaluate(value.left, item);
  const right = evaluate(value.right, item);
  if (!("N" in left) || !("N" in right)) throw wrongType();
  return { N: (value.kind === "plus" ? addNumbers : subtractNumbers)(left.N, right.N) };
}

function evaluateOperand(operand: Operand, item: Item): Value | undefined {
  if (operand.kind === "value") return clone(operand.value);
  if (operand.kind === "path") {
    const value = readPath(item, operand.path);
    return value && clone(value);
  }
  const [first, second] = operand.args as [Operand, Operand];
  if (operand.name === "if_not_exists") return evaluateOperand(first, item) ?? evaluateOperand(second, item);
  const [left, right] = [evaluate(first, item), evaluate(second, item)];
  if (!("L" in left) || !("L" in right)) throw wrongType();
  return { L: [...left.L, ...right.L] };
}

const wrongType = () => invalid("An operand in the update expression has an incorrect data type");

function addTo(current: Value | undefined, more: Value): Value {
  if (!current) return clone(more);
  if ("N" in current && "N" in more) return { N: addNumbers(current.N, more.N) };
  if (typeOf(current) !== typeOf(more) || "N" in more) throw wrongType();
  const entries = [...content(current)];
  for (const entry of content(more)) if (!hasEntry(entries, entry)) entries.push(entry);
  return { [typeOf(more)]: entries } as Value;
}

function deleteFrom(current: Value, less: Value): Value | undefined {
  if (typeOf(current) !== typeOf(less)) throw wrongType();
  const left = content(current).filter((entry: string | Uint8Array) => !hasEntry(content(less), entry));
  return left.length > 0 ? ({ [typeOf(less)]: left } as Value) : undefined;
}

const hasEntry = (entries: any[], entry: string | Uint8Array) =>
  typeof entry === "string" ? entries.includes(entry) : hasBytes(entries, entry);

function assign(item: Item, path: Path, value: Value) {
  const last = path.at(-1)!;
  const holder = parentOf(item, path);
  if (typeof last === "number") {
    if (!holder || !("L" in holder)) throw badPath();
    holder.L[Math.min(last, holder.L.length)] = value;
  } else {
    if (!holder || !("M" in holder)) throw badPath();
    holder.M[last] = value;
  }
}

function remove(item: Item, path: Path) {
  const last = path.at(-1)!;
  const holder = parentOf(item, path);
  if (!holder) throw badPath();
  if (typeof last === "number" && "L" in holder) holder.L.splice(last, 1);
  else if (typeof last === "string" && "M" in holder) delete holder.M[last];
  else throw badPath();
}

/** The parent of the path's last part; the item itself for a top-level attribute. */
function parentOf(item: Item, path: Path): Value | undefined {
  let holder: Value | undefined = { M: item };
  for (const part of path.slice(0, -1)) holder = holder && readChild(holder, part);
  return holder;
}

const badPath = () => invalid("The document path provided in the update expression is invalid for update");
