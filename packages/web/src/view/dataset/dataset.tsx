// One dataset: what became of each class, what was left out and why, and what is in it.
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Grid } from "../../component/grid.tsx";
import { ErrorNote, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { count, many, percent } from "../../format/number.ts";
import { to, withQuery } from "../../route/route.ts";
import { Chain } from "../trace/chain.tsx";
import { Items } from "./items.tsx";

const PROGRESS_MS = 1_000;

export function DatasetView({ id }: { id: string }) {
  const remote = useRemote(`dataset ${id}`, () => body(api().datasets[":id"].$get({ param: { id } })), {
    everyMs: (shown) => (shown?.status === "preparing" ? PROGRESS_MS : undefined),
    on: "dataset.",
  });
  return (
    <Shown remote={remote} what="the dataset">
      {(found) => <One dataset={found} />}
    </Shown>
  );
}

function One({ dataset }: { dataset: Dataset }) {
  const { id, model, status, step, progress, options, items, classes, warnings, problems, problemCount } =
    dataset;
  const { split } = options;
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={withQuery(to("datasets"), { model })}>Datasets</a> /{" "}
          <a href={to("model", model)}>{model}</a>
        </p>
        <h1>{id}</h1>
        <p class="verdict">
          <Status of={status} />
          {status === "preparing" && (
            <span>
              {step} {progress && `${count(progress.done)} of ${count(progress.total)}`}
            </span>
          )}
          <Time at={dataset.createdAt} />
        </p>
      </header>
      {dataset.error && <ErrorNote error={dataset.error} />}
      <div class="halves">
        <Panel title="Classes, before and after">
          {classes ? (
            <Grid
              label="Classes"
              rows={classes}
              rowKey={(row) => row.class}
              columns={[
                { title: "Class", cell: (row) => row.class },
                { title: "Labelled", number: true, cell: (row) => count(row.labelled) },
                { title: "Train", number: true, cell: (row) => count(row.train) },
                { title: "Validation", number: true, cell: (row) => count(row.validation) },
                { title: "Test", number: true, cell: (row) => count(row.test) },
                { title: "Capped", number: true, cell: (row) => count(row.capped) },
                { title: "Unusable", number: true, cell: (row) => count(row.unusable) },
                { title: "Weight", number: true, cell: (row) => row.weight?.toFixed(2) ?? "–" },
              ]}
            />
          ) : (
            <p class="hint">Counted when it is prepared.</p>
          )}
        </Panel>
        <Panel title="Facts">
          <Facts
            of={[
              [
                "Split",
                `${percent(split.train, 0)} / ${percent(split.validation, 0)} / ${percent(split.test, 0)}`,
              ],
              ["Items", items && `${count(items.train)} / ${count(items.validation)} / ${count(items.test)}`],
              [
                "Groups",
                dataset.groups &&
                  `${count(dataset.groups.count)} of like files, the largest of ${dataset.groups.largest}`,
              ],
              ["Seed", options.seed],
              ["Weights", options.weights],
              [
                "Same as",
                dataset.identicalTo && <a href={to("dataset", dataset.identicalTo)}>{dataset.identicalTo}</a>,
              ],
              ["Folder", dataset.folder && <code>{dataset.folder}</code>],
              ["Digest", dataset.digest && <code>{dataset.digest}</code>],
              ["Asked for by", dataset.requestedBy],
            ]}
          />
        </Panel>
      </div>
      {warnings.length > 0 && (
        <Panel title="Warnings" aside={count(warnings.length)}>
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
        <Panel title="Problems" aside={`${count(problems.length)} of ${many(problemCount, "problem")}`}>
          <Grid
            label="Problems"
            rows={problems.map((problem, index) => ({ ...problem, index }))}
            rowKey={({ index }) => String(index)}
            columns={[
              { title: "Code", cell: ({ code }) => <code>{code}</code> },
              {
                title: "Where",
                wide: true,
                cell: ({ file, line }) => <code>{line ? `${file}:${line}` : file}</code>,
              },
              { title: "What", wide: true, cell: ({ message }) => message },
              { title: "What to do", wide: true, cell: ({ fix }) => fix },
            ]}
          />
        </Panel>
      )}
      <Panel title="Lineage">
        <Chain key={status} id={id} />
      </Panel>
      {status === "ready" && <Items id={id} model={model} classes={classes?.map((row) => row.class) ?? []} />}
    </article>
  );
}
