// Reference paths and JSONPath as Step Functions reads them: Jayway's dialect.
import type { Json } from "../json.ts";
import { Reader } from "./reader.ts";

export type Segment =
  | { type: "names"; names: string[] }
  | { type: "indices"; indices: number[] }
  | { type: "slice"; from?: number; to?: number; step?: number }
  | { type: "wildcard" }
  | { type: "descend" }
  | { type: "filter"; filter: Filter }
  | { type: "length" };

/** The condition of `[?(@.price < 10 && @.name == 'a')]`. */
export type Filter =
  | { type: "or" | "and"; left: Filter; right: Filter }
  | { type: "not"; of: Filter }
  | { type: "exists"; operand: Operand }
  | { type: "compare"; operator: Operator; left: Operand; right: Operand };

export type Operand =
  | { type: "path"; segments: Segment[]; from: "item" | "root" }
  | { type: "value"; value: Json };

const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Path {
  text: string;
  /** `$` input, `$$` context, or a variable's name. */
  root: { type: "input" } | { type: "context" } | { type: "variable"; name: string };
  segments: Segment[];
  /** Finds one value or none. The result of other paths is a list. */
  definite: boolean;
}

const NAME = /[^\s.[\](),'"!=<>&|]/;
const parsed = new Map<string, Path>();
const MAX_CACHED = 1_000;

export function parsePath(text: string): Path {
  const known = parsed.get(text);
  if (known) return known;
  const reader = new Reader(text);
  const path = readPath(reader);
  if (!reader.done) throw reader.fail("unexpected character");
  if (parsed.size < MAX_CACHED) parsed.set(text, path);
  return path;
}

export function readPath(reader: Reader): Path {
  const start = reader.at;
  const root = readRoot(reader);
  const segments = readSegments(reader);
  const definite = segments.every(
    (one) =>
      (one.type === "names" && one.names.length === 1) ||
      (one.type === "indices" && one.indices.length === 1) ||
      one.type === "length",
  );
  return { text: reader.text.slice(start, reader.at), root, segments, definite };
}

function readSegments(reader: Reader): Segment[] {
  const segments: Segment[] = [];
  for (;;) {
    if (reader.take("..")) {
      segments.push({ type: "descend" });
      if (reader.peek() !== "[") segments.push(readName(reader));
    } else if (reader.take(".")) segments.push(readName(reader));
    else if (reader.peek() === "[") segments.push(readBracket(reader));
    else return segments;
  }
}

function readRoot(reader: Reader): Path["root"] {
  reader.expect("$");
  if (reader.take("$")) return { type: "context" };
  const name = reader.takeWhile(NAME);
  return name === "" ? { type: "input" } : { type: "variable", name };
}

function readName(reader: Reader): Segment {
  if (reader.take("*")) return { type: "wildcard" };
  const name = reader.takeWhile(NAME);
  if (name === "") throw reader.fail("a name is missing");
  if (name === "length" && reader.take("()")) return { type: "length" };
  return { type: "names", names: [name] };
}

function readBracket(reader: Reader): Segment {
  reader.expect("[");
  reader.skipSpaces();
  if (reader.take("*")) return closed(reader, { type: "wildcard" });
  if (reader.take("?")) {
    reader.skipSpaces();
    reader.expect("(");
    const filter = readFilter(reader);
    reader.skipSpaces();
    reader.expect(")");
    return closed(reader, { type: "filter", filter });
  }
  if (reader.peek() === "'" || reader.peek() === '"') {
    const names = readList(reader, () => reader.readQuoted());
    return closed(reader, { type: "names", names });
  }
  const from = readInteger(reader);
  if (reader.take(":")) {
    const to = readInteger(reader);
    const step = reader.take(":") ? readInteger(reader) : undefined;
    return closed(reader, {
      type: "slice",
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(step !== undefined && { step }),
    });
  }
  if (from === undefined) throw reader.fail("an index is missing");
  const indices = [from];
  reader.skipSpaces();
  while (reader.take(",")) {
    reader.skipSpaces();
    const index = readInteger(reader);
    if (index === undefined) throw reader.fail("an index is missing");
    indices.push(index);
    reader.skipSpaces();
  }
  return closed(reader, { type: "indices", indices });
}

function closed(reader: Reader, segment: Segment): Segment {
  reader.skipSpaces();
  reader.expect("]");
  return segment;
}

function readList<T>(reader: Reader, read: () => T): T[] {
  const list = [read()];
  reader.skipSpaces();
  while (reader.take(",")) {
    reader.skipSpaces();
    list.push(read());
    reader.skipSpaces();
  }
  return list;
}

function readInteger(reader: Reader): number | undefined {
  const text = reader.takeWhile(/[-\d]/);
  if (text === "") return undefined;
  if (!/^-?\d+$/.test(text)) throw reader.fail(`"${text}" is not an index`);
  return Number(text);
}

function readFilter(reader: Reader): Filter {
  let left = readConjunction(reader);
  for (reader.skipSpaces(); reader.take("||"); reader.skipSpaces())
    left = { type: "or", left, right: readConjunction(reader) };
  return left;
}

function readConjunction(reader: Reader): Filter {
  let left = readCondition(reader);
  for (reader.skipSpaces(); reader.take("&&"); reader.skipSpaces())
    left = { type: "and", left, right: readCondition(reader) };
  return left;
}

function readCondition(reader: Reader): Filter {
  reader.skipSpaces();
  if (reader.take("!")) return { type: "not", of: readCondition(reader) };
  if (reader.take("(")) {
    const inner = readFilter(reader);
    reader.skipSpaces();
    reader.expect(")");
    return inner;
  }
  const left = readOperand(reader);
  reader.skipSpaces();
  const operator = OPERATORS.find((one) => reader.take(one));
  if (!operator) return { type: "exists", operand: left };
  reader.skipSpaces();
  return { type: "compare", operator, left, right: readOperand(reader) };
}

function readOperand(reader: Reader): Operand {
  if (reader.peek() === "'" || reader.peek() === '"') return { type: "value", value: reader.readQuoted() };
  if (reader.take("@")) return { type: "path", segments: readSegments(reader), from: "item" };
  if (reader.take("$")) return { type: "path", segments: readSegments(reader), from: "root" };
  const word = reader.takeWhile(/[\w.+-]/);
  if (word === "true" || word === "false") return { type: "value", value: word === "true" };
  if (word === "null") return { type: "value", value: null };
  if (word === "" || Number.isNaN(Number(word))) throw reader.fail("a value is missing");
  return { type: "value", value: Number(word) };
}

/** The keys and indices of a definite path. */
export function keysOf(path: Path): (string | number)[] {
  return path.segments.map((one) => {
    if (one.type === "names") return one.names[0]!;
    if (one.type === "indices") return one.indices[0]!;
    throw new Error(`${path.text} is not a reference path.`);
  });
}
