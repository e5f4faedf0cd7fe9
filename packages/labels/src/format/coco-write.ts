import type { Samples, WriteContext, WrittenPart } from "./format.ts";
import { number } from "./json.ts";
import { type Sample, withoutUndefined, type Split } from "./sample.ts";

/** Writes the file of one split. One pass writes the images, another the annotations, so none are held in memory. */
export async function* writeCoco(
  items: Samples,
  split: Split | undefined,
  classes: readonly string[],
  size: WriteContext["size"],
): AsyncGenerator<WrittenPart> {
  const path = `${split ?? "annotations"}.json`;
  const categories = classes.map((name, index) => JSON.stringify({ id: index + 1, name }));
  yield { path, text: `{"categories": [\n${categories.join(",\n")}\n],\n"images": [` };
  let comma = "";
  for await (const { item, id } of numbered(items, split)) {
    const image = item.image ?? (await size?.(item.file));
    const entry = withoutUndefined({
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
  const annotation = idAllocator();
  comma = "";
  for await (const { item, id: image_id } of numbered(items, split)) {
    for (const box of item.boxes) {
      const entry = withoutUndefined({
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

async function* numbered(items: Samples, split: Split | undefined) {
  const next = idAllocator();
  for await (const item of items()) {
    if (item.file === undefined || item.boxes === undefined || item.split !== split) continue;
    yield {
      item: item as Sample & Required<Pick<Sample, "file" | "boxes">>,
      id: next(item.extra?.["id"]),
    };
  }
}

/** Returns the previous id if it is unused, else the next unused one. */
function idAllocator() {
  const used = new Set<number>();
  let last = 0;
  return (previous: unknown): number => {
    const before = number(previous);
    let id = before !== undefined && Number.isInteger(before) && before > 0 ? before : last + 1;
    while (used.has(id)) id = ++last;
    used.add(id);
    if (id === last + 1) last = id;
    return id;
  };
}
