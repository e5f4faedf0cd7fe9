// One label: what it was said of, by whom, what it was before, and what has learned from it.
import type { Label } from "@sluice/core/label/label.ts";
import { useState } from "preact/hooks";
import { api, body } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { Act } from "../../component/act.tsx";
import { Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Labelled, namesOf } from "../../component/samples.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { many, percent } from "../../format/number.ts";
import { go, to, withQuery } from "../../route/route.ts";
import { Chain } from "../trace/chain.tsx";
import { LabelBoxes } from "./boxes.tsx";

export function LabelView({ model, id }: { model: string; id: string }) {
  const remote = useRemote(
    `label ${model} ${id}`,
    () => body(api().labels[":model"].label.$get({ param: { model }, query: { key: id, images: "true" } })),
    { on: "labels." },
  );
  const classes = useModels().data?.find(({ name }) => name === model)?.classes;
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={withQuery(to("datasets"), { model })}>Datasets</a> /{" "}
          <a href={withQuery(to("labels"), { model })}>Labels of {model}</a>
        </p>
        <h1>{fileName(id)}</h1>
      </header>
      <Shown remote={remote} what="the label">
        {(label) => {
          const { boxes, source, annotator, confidence, history = [] } = label;
          return (
            <>
              <Relabel of={label} reload={remote.reload} />
              <div class="halves">
                <Panel
                  title={namesOf(label)}
                  aside={boxes && many(boxes.length, "box", "boxes")}
                  class="input"
                >
                  {boxes && classes ? (
                    <LabelBoxes of={label} classes={classes} reload={remote.reload} />
                  ) : (
                    <Labelled of={label} />
                  )}
                </Panel>
                <div class="stack">
                  <Panel title="Facts">
                    <Facts
                      of={[
                        ["Key", <code>{id}</code>],
                        ["File", label.imageUrl && <a href={label.imageUrl}>Download</a>],
                        ["Labelled", <Time at={label.labelledAt} />],
                        ["By", annotator],
                        [
                          "From",
                          <a href={withQuery(to("labels"), { model, source })}>
                            <code>{source}</code>
                          </a>,
                        ],
                        ["Confidence", confidence !== undefined && percent(confidence)],
                        ["Boxes", boxes && countsOf(boxes)],
                      ]}
                    />
                    {history.length > 0 && (
                      <ol class="history">
                        {history.map((earlier) => (
                          <li key={earlier.labelledAt}>
                            <span>{earlier.label ?? many(earlier.boxes ?? 0, "box", "boxes")}</span>
                            <span class="hint">before, by {earlier.annotator ?? earlier.source}</span>
                            <Time at={earlier.labelledAt} />
                          </li>
                        ))}
                      </ol>
                    )}
                  </Panel>
                  <Panel title="Lineage">
                    <Chain key={label.changedAt} id={id} />
                  </Panel>
                </div>
              </div>
            </>
          );
        }}
      </Shown>
    </article>
  );
}

/** "5 room, 8 wall" */
function countsOf(boxes: NonNullable<Label["boxes"]>): string {
  const counts = new Map<string, number>();
  for (const { class: name } of boxes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, often]) => `${often} ${name}`).join(", ");
}

interface RelabelProps {
  of: Label;
  reload: () => void;
}

/** Another class, or none at all. Boxes are set right on the picture. */
function Relabel({ of: { model, key, label, text, image }, reload }: RelabelProps) {
  const { data: models } = useModels();
  const [chosen, setChosen] = useState("");
  const others = models?.find(({ name }) => name === model)?.classes.filter((name) => name !== label) ?? [];
  const param = { model };
  const change = async () => {
    await body(api().labels[":model"].$put({ param, json: { key, label: chosen, text, image } }));
    setChosen("");
    reload();
    return `It is ${chosen} now.`;
  };
  const remove = async () => {
    await body(api().labels[":model"].$delete({ param, query: { key } }));
    go(withQuery(to("labels"), { model }));
    return "";
  };
  return (
    <div class="actions">
      {label !== undefined && (
        <>
          <select
            aria-label="Another class"
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            <option value="">It is …</option>
            {others.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <Act name="Change" disabled={chosen === ""} act={change} />
        </>
      )}
      <Act
        name="Remove the label"
        ask={`Take the label of ${fileName(key)} away? The file stays.`}
        act={remove}
      />
    </div>
  );
}
