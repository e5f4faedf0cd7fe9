import type { Items, WriteContext, Written } from "./format.ts";
import { number } from "./json.ts";
import { type Labelled, present, type Split } from "./labelled.ts";

/** One file for a split: a pass for its images and one for their annotations, so that neither is held. */
export async function* writeCoco(
  items: Items,
  split: Split | undefined,
  classes: readonly string[],
  size: WriteContext["size"],
): AsyncGenerator<Written> {
  const path = `${split ?? "annotations"}.json`;
  const categories = classes.map((name, index) => JSON.stringify({ id: index + 1, name }));
  yield { path, text: `{"categories": [\n${categories.join(",\n")}\n],\n"images": [` };
  let comma = "";
  for await (const { item, id } of numbered(items, split)) {
    const image = item.image ?? (await size?.(item.file));
    const entry = present({
      ...item.extra,
      id,
      file_name: item.file,
      ...image,
      source: item.source,
      annotator: item.annotator,
      labelled_at: item.labelledAt,
      confidence: item.confidence,
    });
    yield { path, text: `${comma}\n${JSON.stringify(entry)}` };
    comma = ",";
  }
  yield { path, text: `\n],\n"annotations": [` };
  const annotation = numbers();
  comma = "";
  for await (const { item, id: image_id } of numbered(items, split)) {
    for (const box of item.boxes) {
      const entry = present({
        area: box.width * box.height,
        iscrowd: 0,
        ...box.extra,
        id: annotation(box.extra?.["id"]),
        image_id,
        category_id: classes.indexOf(box.class) + 1,
        bbox: [box.x, box.y, box.width, box.height],
        score: box.confidence,
      });
      yield { path, text: `${comma}\n${JSON.stringify(entry)}` };
      comma = ",";
    }
  }
  yield { path, text: "\n]}\n" };
}

async function* numbered(items: Items, split: Split | undefined) {
  const next = numbers();
  for await (const item of items()) {
    if (item.file === undefined || item.boxes === undefined || item.split !== split) continue;
    yield {
      item: item as Labelled & Required<Pick<Labelled, "file" | "boxes">>,
      id: next(item.extra?.["id"]),
    };
  }
}

/** The number something had before where it is still free, else the next free one. */
function numbers() {
  const used = new Set<number>();
  let last = 0;
  return (had: unknown): number => {
    const before = number(had);
    let id = before !== undefined && Number.isInteger(before) && before > 0 ? before : last + 1;
    while (used.has(id)) id = ++last;
    used.add(id);
    if (id === last + 1) last = id;
    return id;
  };
}
