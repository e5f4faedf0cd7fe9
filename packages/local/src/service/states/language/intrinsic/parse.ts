// Calls of intrinsic functions in JSONPath templates: `States.Format('{}', $.name)`.
import type { Json } from "../json.ts";
import { readPath, type Path } from "../path/parse.ts";
import { Reader } from "../path/reader.ts";

export interface Call {
  name: string;
  arguments: Argument[];
}

export type Argument =
  | { type: "value"; value: Json }
  | { type: "path"; path: Path }
  | { type: "call"; call: Call };

export function parseCall(text: string): Call {
  const reader = new Reader(text);
  reader.skipSpaces();
  const call = readCall(reader);
  reader.skipSpaces();
  if (!reader.done) throw reader.fail("unexpected character");
  return call;
}

function readCall(reader: Reader): Call {
  reader.expect("States.");
  const name = reader.takeWhile(/\w/);
  reader.expect("(");
  const list: Argument[] = [];
  reader.skipSpaces();
  if (reader.take(")")) return { name, arguments: list };
  do {
    reader.skipSpaces();
    list.push(readArgument(reader));
    reader.skipSpaces();
  } while (reader.take(","));
  reader.expect(")");
  return { name, arguments: list };
}

const WORDS: Record<string, Json> = { true: true, false: false, null: null };

function readArgument(reader: Reader): Argument {
  if (reader.peek() === "'") return { type: "value", value: readText(reader) };
  if (reader.peek() === "$") return { type: "path", path: readPath(reader) };
  if (reader.text.startsWith("States.", reader.at)) return { type: "call", call: readCall(reader) };
  const word = reader.takeWhile(/[\w.+-]/);
  if (Object.hasOwn(WORDS, word)) return { type: "value", value: WORDS[word]! };
  if (word === "" || Number.isNaN(Number(word))) throw reader.fail("an argument is missing");
  return { type: "value", value: Number(word) };
}

const ESCAPED: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** `\{` and `\}` stay escaped: only `States.Format` reads them. */
function readText(reader: Reader): string {
  reader.expect("'");
  let text = "";
  while (!reader.done && reader.peek() !== "'") {
    if (reader.take("\\")) {
      const next = reader.peek() ?? "";
      text += next === "{" || next === "}" ? `\\${next}` : (ESCAPED[next] ?? next);
    } else text += reader.peek();
    reader.at += 1;
  }
  reader.expect("'");
  return text;
}
