import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Grid } from "../../component/grid.tsx";
import { ErrorNote, Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatCount, formatPlural, formatPercent } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { Lineage } from "../trace/lineage.tsx";
import { Items } from "./items.tsx";

const PROGRESS_MS = 1_000;

export function DatasetView({ id }: { id: string }) {
  const resource = useResource(
    `dataset ${id}`,
    () => readBody(api().datasets[":id"].$get({ param: { id } })),
    {
      everyMs: (data) => (data?.status === "preparing" ? PROGRESS_MS : undefined),
      on: "dataset.",
    },
  );
  return (
    <Loaded resource={resource} what="the dataset">
      {(found) => <DatasetPage dataset={found} />}
    </Loaded>
  );
}

function DatasetPage({ dataset }: { dataset: Dataset }) {
  const { id, model, status, step, progress, options, items, classes, warnings, problems, problemCount } =
    dataset;
  const { split } = options;
  return (
    <View
      title={id}
      parents={[
        ["Datasets", withQuery(pathTo("datasets"), { model })],
        [model, pathTo("model", model)],
      ]}
      header={
        <p class="verdict">
          <Status of={status} />
          {status === "preparing" && (
            <span>
              {step} {progress && `${formatCount(progress.done)} of ${formatCount(progress.total)}`}
            </span>
          )}
          <Time at={dataset.createdAt} />
        </p>
      }
    >
      {dataset.error && <ErrorNote error={dataset.error} />}
      <div class="halves">
        <Panel title="Items per class">
          {classes ? (
            <Grid
              label="Classes"
              rows={classes}
              rowKey={(row) => row.class}
              columns={[
                { title: "Class", cell: (row) => row.class },
                { title: "Labeled", number: true, cell: (row) => formatCount(row.labelled) },
                { title: "Train", number: true, cell: (row) => formatCount(row.train) },
                { title: "Validation", number: true, cell: (row) => formatCount(row.validation) },
                { title: "Test", number: true, cell: (row) => formatCount(row.test) },
                { title: "Capped", number: true, cell: (row) => formatCount(row.capped) },
                { title: "Unusable", number: true, cell: (row) => formatCount(row.unusable) },
                { title: "Weight", number: true, cell: (row) => row.weight?.toFixed(2) ?? "–" },
              ]}
            />
          ) : (
            <p class="hint">Available when the dataset is ready.</p>
          )}
        </Panel>
        <Panel title="Details">
          <Properties
            of={[
              [
                "Split",
                `${formatPercent(split.train, 0)} / ${formatPercent(split.validation, 0)} / ${formatPercent(split.test, 0)}`,
              ],
              [
                "Items",
                items &&
                  `${formatCount(items.train)} / ${formatCount(items.validation)} / ${formatCount(items.test)}`,
              ],
              [
                "Groups",
                dataset.groups &&
                  `${formatCount(dataset.groups.count)} of similar files, up to ${dataset.groups.largest} each`,
              ],
              ["Seed", options.seed],
              ["Weights", options.weights],
              [
                "Identical to",
                dataset.identicalTo && (
                  <a href={pathTo("dataset", dataset.identicalTo)}>{dataset.identicalTo}</a>
                ),
              ],
              ["Folder", dataset.folder && <code>{dataset.folder}</code>],
              ["Digest", dataset.digest && <code>{dataset.digest}</code>],
              ["Requested by", dataset.requestedBy],
            ]}
          />
        </Panel>
      </div>
      {warnings.length > 0 && (
        <Panel title="Warnings" aside={formatCount(warnings.length)}>
          <ul class="history">
            {warnings.map((warning, index) => (
              <li key={index}>
                <code>{warning.code}</code>
                <span>
                  {warning.message} <span class="hint">{warning.fix}</span>
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {problemCount > 0 && (
        <Panel
          title="Problems"
          aside={`${formatCount(problems.length)} of ${formatPlural(problemCount, "problem")}`}
        >
          <Grid
            label="Problems"
            rows={problems.map((problem, index) => ({ ...problem, index }))}
            rowKey={({ index }) => String(index)}
            columns={[
              { title: "Code", cell: ({ code }) => <code>{code}</code> },
              {
                title: "File",
                wide: true,
                cell: ({ file, line }) => <code>{line ? `${file}:${line}` : file}</code>,
              },
              { title: "Problem", wide: true, cell: ({ message }) => message },
              { title: "Fix", wide: true, cell: ({ fix }) => fix },
            ]}
          />
        </Panel>
      )}
      <Panel title="Trace">
        <Lineage key={status} id={id} />
      </Panel>
      {status === "ready" && <Items id={id} model={model} classes={classes?.map((row) => row.class) ?? []} />}
    </View>
  );
}
