// The items of a dataset, filtered by split and class.
import { api, readBody } from "../../api/client.ts";
import { useClasses } from "../../api/models.ts";
import { Empty } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Samples } from "../../component/samples.tsx";
import { Select } from "../../component/select.tsx";
import { pathTo } from "../../route/path.ts";
import { changeQuery, currentRoute } from "../../route/route.ts";

const SPLITS = ["train", "validation", "test"] as const;
const PAGE_SIZE = "24";
const MIN_ROWS = 12;

interface ItemsProps {
  id: string;
  model: string;
  classes: string[];
}

export function Items({ id, model, classes }: ItemsProps) {
  const { query } = currentRoute.value;
  const split = SPLITS.find((name) => name === query.get("split")) ?? "train";
  const name = query.get("class") ?? "";
  const declared = useClasses(model);
  const items = usePages(
    `items ${id} ${split} ${name}`,
    (page) =>
      readBody(
        api().datasets[":id"].items.$get({
          param: { id },
          query: { split, limit: PAGE_SIZE, ...(name && { class: name }), ...page },
        }),
      ),
    ({ file }) => file,
    { minRows: MIN_ROWS },
  );
  const filters = (
    <div class="pair">
      <Select
        label="Split"
        value={split}
        options={SPLITS}
        change={(chosen) => changeQuery({ split: chosen }, { replace: true })}
      />
      <Select
        label="Class"
        value={name}
        none="any class"
        options={classes}
        change={(chosen) => changeQuery({ class: chosen }, { replace: true })}
      />
    </div>
  );
  return (
    <Panel title="Items" aside={filters}>
      <PagedList pages={items} what="items" empty={<Empty title="No items in this split" />}>
        {(all) => (
          <Samples
            of={all.map((item) => ({
              ...item,
              key: item.file,
              imageUrl: item.image,
              href: pathTo("label", model, item.file),
            }))}
            classes={declared}
          />
        )}
      </PagedList>
    </Panel>
  );
}
