// A folder for each class, optionally below a folder for each split.
import { LabelError } from "../error.ts";
import type { Format, WrittenPart } from "./format.ts";
import { keySet } from "./key-set.ts";
import { basename, directory } from "./path.ts";
import { createProblem } from "./problem.ts";
import { ANY_IMAGE, type FormatHints, formatHints, TEXT } from "./format-hints.ts";
import { splitNamed } from "./split.ts";

export const folders: Format = {
  name: "folders",
  title: "class folders",
  tasks: ["image-classification", "text-classification"],
  expects:
    "images or .txt files in two or more folders named by their class, optionally below train/, valid/ and test/",
  detect: async (hints) => findLayout(hints).classes.size >= 2,
  async *read(collection) {
    const { above, items } = findLayout(await formatHints(collection));
    for await (const { path } of collection.list()) {
      if (!items.test(path) || !path.startsWith(above)) continue;
      const [first, ...others] = path.slice(above.length).split("/");
      const split = others.length > 1 ? splitNamed(first!) : undefined;
      const label = split ? others[0] : first;
      if (others.length === 0 || !label) continue;
      if (label.includes("\uFFFD"))
        yield createProblem(
          "FIELD_INVALID",
          { file: path },
          "The folder's name is not valid UTF-8.",
          "Rename the folder.",
        );
      else yield { file: path, label, ...(split && { split }), at: { file: path } };
    }
  },
  async *write(items): AsyncIterable<WrittenPart> {
    const written = keySet();
    for await (const { file, label, split, text } of items()) {
      if (label === undefined) continue;
      if (label.includes("/") || /^\.|\0/.test(label) || splitNamed(label))
        throw new LabelError("FORMAT_CANNOT_HOLD", `The class "${label}" is not a valid folder name.`);
      const name = file ?? `${written.size + 1}.txt`;
      const above = split ? `${split}/` : "";
      const inside = name.startsWith(`${above}${label}/`) ? name : `${above}${label}/${name}`;
      const path = firstFreePath(inside, written.add);
      if (file !== undefined) yield { path, copyOf: file };
      else yield { path, text: text ?? "" };
    }
  },
};

/** The common parent folder, the pattern of items, and the class folders. */
function findLayout({ folders: found, images, texts }: FormatHints) {
  const items = images > 0 || texts === 0 ? ANY_IMAGE : TEXT;
  const all = [...found.keys()];
  const flat = { items, above: "", classes: classesUnder("", all) };
  for (let above = ""; ;) {
    const next = new Set(all.map((folder) => folder.slice(above.length).split("/")[0]!));
    const [only = ""] = next;
    if (next.size !== 1 || only === "" || splitNamed(only)) return flat;
    above += `${only}/`;
    const classes = classesUnder(above, all);
    // A single class folder with subfolders is not a parent of class folders.
    if (classes.size >= 2) return { items, above, classes };
  }
}

function classesUnder(above: string, all: readonly string[]): ReadonlySet<string> {
  const names = all.map((folder) => {
    const [first, second] = `${folder}/`.slice(above.length).split("/");
    return first && splitNamed(first) ? second : first;
  });
  return new Set(names.filter((name) => name !== undefined && name !== "") as string[]);
}

function firstFreePath(path: string, isNew: (path: string) => boolean): string {
  const [folder, name] = [directory(path), basename(path)];
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? path : `${folder}${count}-${name}`;
    if (isNew(tried)) return tried;
  }
}
