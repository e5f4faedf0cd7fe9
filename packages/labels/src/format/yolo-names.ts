// The names of YOLO's class numbers: from data.yaml, classes.txt, or the model's declaration.
import { parse, stringify } from "yaml";
import type { ReadContext } from "./format.ts";
import { isObject } from "./json.ts";
import type { Split } from "./sample.ts";
import { basename } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import type { FormatHints } from "./format-hints.ts";

export const isDataYaml = (text: string) => /^["']?names["']?\s*:/m.test(text);

export async function classNames(
  { extensions, head, collection }: FormatHints,
  { classes }: ReadContext,
): Promise<readonly string[] | Problem> {
  for (const path of [...(extensions.get("yaml") ?? []), ...(extensions.get("yml") ?? [])]) {
    const text = await head(path);
    if (!isDataYaml(text)) continue;
    const names = namesIn(text);
    if (typeof names !== "string") return names;
    return createProblem("LABELS_UNREADABLE", { file: path }, names);
  }
  const listed = (extensions.get("txt") ?? []).find((path) =>
    /^(classes|obj\.names|names)\.txt$/i.test(basename(path)),
  );
  if (listed)
    return (await head(listed))
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  if (classes) return classes;
  return createProblem(
    "FIELD_MISSING",
    { file: collection.name },
    "The class numbers have no names: data.yaml and classes.txt are missing.",
    "Add a data.yaml with `names`, or name the model.",
  );
}

/** The names in order, or a message about their error. */
function namesIn(text: string): string[] | string {
  try {
    // Aliases can expand a few bytes to a billion names.
    const value: unknown = parse(text, { maxAliasCount: 0 });
    const names = isObject(value) ? value["names"] : undefined;
    if (Array.isArray(names)) return names.map(String);
    if (!isObject(names)) return '"names" is neither a list nor a map.';
    const found: string[] = [];
    for (const [id, name] of Object.entries(names)) {
      if (!/^\d{1,5}$/.test(id)) return `"${id}" is not a class number.`;
      found[Number(id)] = String(name);
    }
    return Array.from(found, (name, id) => name ?? String(id));
  } catch (error) {
    return `It is not valid YAML: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** YOLO's data.yaml. Without `path`, its folders are relative to this file. */
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
