// What is in a dataset: pictures with their labels, or texts, one split and class at a time.
import type { Line } from "@sluice/core/dataset/line.ts";
import { api, body } from "../../api/client.ts";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { changeQuery, place } from "../../route/route.ts";

const SPLITS = ["train", "validation", "test"] as const;
const PAGE = "24";

export function Items({ id, classes }: { id: string; classes: string[] }) {
  const { query } = place.value;
  const split = SPLITS.find((one) => one === query.get("split")) ?? "train";
  const name = query.get("class") ?? "";
  const items = usePages(
    `items ${id} ${split} ${name}`,
    (cursor) =>
      body(
        api().datasets[":id"].items.$get({
          param: { id },
          query: { split, limit: PAGE, ...(name && { class: name }), ...(cursor && { cursor }) },
        }),
      ),
    ({ file }) => file,
  );
  const choose = (
    <div class="pair">
      <select
        aria-label="Split"
        value={split}
        onChange={(event) => changeQuery({ split: event.currentTarget.value }, { replace: true })}
      >
        {SPLITS.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <select
        aria-label="Class"
        value={name}
        onChange={(event) => changeQuery({ class: event.currentTarget.value }, { replace: true })}
      >
        <option value="">any class</option>
        {classes.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </div>
  );
  return (
    <Panel title="Samples" aside={choose}>
      <Shown remote={items} what="samples">
        {(all) =>
          all.length === 0 ? (
            <Empty title="None of these in this split" />
          ) : (
            <>
              <ul class="samples">
                {all.map((item) => (
                  <Sample key={item.file} item={item} />
                ))}
              </ul>
              <More more={items.more} />
            </>
          )
        }
      </Shown>
    </Panel>
  );
}

function Sample({ item }: { item: Line & { image?: string | undefined } }) {
  const { file, label, boxes, text, image, width, height } = item;
  return (
    <li>
      {text !== undefined ? (
        <blockquote>{text}</blockquote>
      ) : (
        <div class="frame">
          <img src={image} alt="" loading="lazy" width={width} height={height} />
          {boxes && width && height && (
            <svg class="boxes" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
              {boxes.map((box, index) => (
                <rect
                  key={index}
                  x={box.x}
                  y={box.y}
                  width={box.width}
                  height={box.height}
                  stroke-width={Math.max(width, height) / 120}
                />
              ))}
            </svg>
          )}
        </div>
      )}
      <strong>{label ?? [...new Set(boxes?.map((box) => box.class))].join(", ")}</strong>
      <span class="faint" title={file}>
        {file.split("/").at(-1)}
      </span>
    </li>
  );
}
