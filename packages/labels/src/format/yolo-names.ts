// The names behind YOLO's class numbers: data.yaml, or classes.txt, or the model's own declaration.
import { parse, stringify } from "yaml";
import type { ReadContext } from "./format.ts";
import { isObject } from "./json.ts";
import type { Split } from "./labelled.ts";
import { basename } from "./path.ts";
import { type Problem, problem } from "./problem.ts";
import type { Sketch } from "./sketch.ts";

export const isDataYaml = (text: string) => /^["']?names["']?\s*:/m.test(text);

export async function classNames(
  { endings, head, collection }: Sketch,
  { classes }: ReadContext,
): Promise<readonly string[] | Problem> {
  for (const path of [...(endings.get("yaml") ?? []), ...(endings.get("yml") ?? [])]) {
    const text = await head(path);
    if (!isDataYaml(text)) continue;
    const names = namesIn(text);
    if (typeof names !== "string") return names;
    return problem("LABELS_UNREADABLE", { file: path }, names);
  }
  const listed = (endings.get("txt") ?? []).find((path) =>
    /^(classes|obj\.names|names)\.txt$/i.test(basename(path)),
  );
  if (listed)
    return (await head(listed))
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  if (classes) return classes;
  return problem(
    "FIELD_MISSING",
    { file: collection.name },
    "The class numbers have no names: there is neither a data.yaml nor a classes.txt.",
    "Add a data.yaml with `names`, or name the model whose classes these are.",
  );
}

/** The names in order, or what is wrong with them. */
function namesIn(text: string): string[] | string {
  try {
    // An alias can stand for a billion names in a few bytes.
    const value: unknown = parse(text, { maxAliasCount: 0 });
    const names = isObject(value) ? value["names"] : undefined;
    if (Array.isArray(names)) return names.map(String);
    if (!isObject(names)) return '"names" is neither a list nor a map.';
    const found: string[] = [];
    for (const [id, name] of Object.entries(names)) {
      if (!/^\d{1,5}$/.test(id)) return `"${id}" is no class number.`;
      found[Number(id)] = String(name);
    }
    return Array.from(found, (name, id) => name ?? String(id));
  } catch (error) {
    return `It is no YAML: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** YOLO's own description. Without `path` its folders lie beside this file, wherever that is read. */
export function dataYaml(classes: readonly string[], splits: ReadonlyArray<Split | undefined>): string {
  const folder = (split: Split) => (splits.includes(split) ? `images/${split}` : "images");
  const parts = splits.includes("test") ? { test: folder("test") } : {};
  return stringify({
    train: folder("train"),
    val: folder("validation"),
    ...parts,
    nc: classes.length,
    names: classes,
  });
}
