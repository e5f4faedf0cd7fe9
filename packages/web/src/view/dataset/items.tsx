// What is in a dataset: pictures with their labels, or texts, one split and class at a time.
import { api, body } from "../../api/client.ts";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Samples } from "../../component/samples.tsx";
import { changeQuery, place, to } from "../../route/route.ts";

const SPLITS = ["train", "validation", "test"] as const;
const PAGE = "24";
const ENOUGH = 12;

interface ItemsProps {
  id: string;
  model: string;
  classes: string[];
}

export function Items({ id, model, classes }: ItemsProps) {
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
    { atLeast: ENOUGH },
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
              <Samples
                of={all.map((item) => ({
                  ...item,
                  key: item.file,
                  imageUrl: item.image,
                  href: to("label", model, item.file),
                }))}
              />
              <More of={items.rest} />
            </>
          )
        }
      </Shown>
    </Panel>
  );
}
