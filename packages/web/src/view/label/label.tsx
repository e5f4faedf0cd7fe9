import type { Label } from "@sluice/core/label/label.ts";
import { useState } from "preact/hooks";
import { api, readBody } from "../../api/client.ts";
import { useClasses, useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { ActionButton } from "../../component/action.tsx";
import { Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { LabeledItem, labelText } from "../../component/samples.tsx";
import { Select } from "../../component/select.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { fileName } from "../../format/file.ts";
import { formatPlural, formatPercent } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { navigate } from "../../route/route.ts";
import { Lineage } from "../trace/lineage.tsx";
import { LabelBoxes } from "./boxes.tsx";

export function LabelView({ model, id }: { model: string; id: string }) {
  const resource = useResource(
    `label ${model} ${id}`,
    () =>
      readBody(api().labels[":model"].label.$get({ param: { model }, query: { key: id, images: "true" } })),
    { on: "labels." },
  );
  const classes = useClasses(model);
  return (
    <View
      title={fileName(id)}
      parents={[
        ["Datasets", withQuery(pathTo("datasets"), { model })],
        [`Labels of ${model}`, withQuery(pathTo("labels"), { model })],
      ]}
    >
      <Loaded resource={resource} what="the label">
        {(label) => {
          const { boxes, source, annotator, confidence, history = [] } = label;
          return (
            <>
              <LabelActions of={label} reload={resource.reload} />
              <div class="halves">
                <Panel
                  title={labelText(label)}
                  aside={boxes && formatPlural(boxes.length, "box", "boxes")}
                  class="input"
                >
                  {boxes && classes.length > 0 ? (
                    <LabelBoxes of={label} classes={classes} reload={resource.reload} />
                  ) : (
                    <LabeledItem of={label} classes={classes} />
                  )}
                </Panel>
                <div class="stack">
                  <Panel title="Details">
                    <Properties
                      of={[
                        ["Key", <code>{id}</code>],
                        ["File", label.imageUrl && <a href={label.imageUrl}>Download</a>],
                        ["Labeled", <Time at={label.labelledAt} />],
                        ["Annotator", annotator],
                        [
                          "Source",
                          <a href={withQuery(pathTo("labels"), { model, source })}>
                            <code>{source}</code>
                          </a>,
                        ],
                        ["Confidence", confidence !== undefined && formatPercent(confidence)],
                        ["Boxes", boxes && countByClass(boxes)],
                      ]}
                    />
                    {history.length > 0 && (
                      <ol class="history">
                        {history.map((earlier) => (
                          <li key={earlier.labelledAt}>
                            <span>{earlier.label ?? formatPlural(earlier.boxes ?? 0, "box", "boxes")}</span>
                            <span class="hint">previous label, by {earlier.annotator ?? earlier.source}</span>
                            <Time at={earlier.labelledAt} />
                          </li>
                        ))}
                      </ol>
                    )}
                  </Panel>
                  <Panel title="Trace">
                    <Lineage key={label.changedAt} id={id} />
                  </Panel>
                </div>
              </div>
            </>
          );
        }}
      </Loaded>
    </View>
  );
}

/** "5 room, 8 wall" */
function countByClass(boxes: NonNullable<Label["boxes"]>): string {
  const counts = new Map<string, number>();
  for (const { class: name } of boxes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}

interface LabelActionsProps {
  of: Label;
  reload: () => void;
}

/** Changes or removes the label. Boxes are edited on the image. */
function LabelActions({ of: { model, key, label, text, image }, reload }: LabelActionsProps) {
  const { data: models } = useModels();
  const [chosen, setChosen] = useState("");
  const others = models?.find(({ name }) => name === model)?.classes.filter((name) => name !== label) ?? [];
  const param = { model };
  const change = async () => {
    await readBody(api().labels[":model"].$put({ param, json: { key, label: chosen, text, image } }));
    setChosen("");
    reload();
    return `Changed to ${chosen}.`;
  };
  const remove = async () => {
    await readBody(api().labels[":model"].$delete({ param, query: { key } }));
    navigate(withQuery(pathTo("labels"), { model }));
    return "";
  };
  return (
    <div class="actions">
      {label !== undefined && (
        <>
          <Select label="New class" value={chosen} none="Change to …" options={others} change={setChosen} />
          <ActionButton name="Change" disabled={chosen === ""} action={change} />
        </>
      )}
      <ActionButton
        name="Remove label"
        question={`Remove the label of ${fileName(key)}? The file is kept.`}
        action={remove}
      />
    </div>
  );
}
