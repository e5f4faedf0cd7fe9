// A model's versions side by side, each with the figures of its evaluation.
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { type Column, Grid } from "../../component/grid.tsx";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { to } from "../../route/route.ts";

const REFRESH_MS = 60_000;

interface VersionsProps {
  model: Model;
  /** The version that answers. */
  live: string | undefined;
}

export function Versions({ model: { name }, live }: VersionsProps) {
  const versions = usePages(
    `versions ${name}`,
    (cursor) => body(api().versions.$get({ query: { model: name, ...(cursor && { cursor }) } })),
    ({ version }) => version,
    { everyMs: REFRESH_MS, on: "version." },
  );
  return (
    <Panel title="Versions">
      <Shown remote={versions} what="versions">
        {(all) =>
          all.length === 0 ? (
            <Empty title="No version yet" command={`npx sluice train ${name}`}>
              A training makes one; a package of your own becomes one too.
            </Empty>
          ) : (
            <>
              <Grid
                label="Versions"
                rows={all}
                rowKey={({ version }) => version}
                columns={columnsOf(all, live)}
              />
              <More of={versions.rest} />
            </>
          )
        }
      </Shown>
    </Panel>
  );
}

/** A column for each figure that any of them has. */
function columnsOf(all: ModelVersion[], live: string | undefined): Column<ModelVersion>[] {
  const figures = [...new Set(all.flatMap(({ metrics }) => Object.keys(metrics ?? {})))].slice(0, 6);
  const best = new Map(
    figures.map((name) => {
      const values = all.flatMap(({ metrics }) => metrics?.[name] ?? []);
      return [name, /loss|ece|ms$/i.test(name) ? Math.min(...values) : Math.max(...values)];
    }),
  );
  return [
    {
      title: "Version",
      cell: ({ model, version }) => (
        <a href={to("version", model, version)}>
          <code>{version}</code>
        </a>
      ),
    },
    {
      title: "Status",
      cell: ({ version, status, reason }) => (
        <span class="pair">
          <Status of={status} title={reason} />
          {version === live && <Status of="live" />}
        </span>
      ),
    },
    ...figures.map((name) => ({
      title: name,
      number: true,
      cell: ({ metrics }: ModelVersion) => {
        const value = metrics?.[name];
        if (value === undefined) return "–";
        return value === best.get(name) && all.length > 1 && name !== "samples" ? (
          <strong>{figure(value)}</strong>
        ) : (
          figure(value)
        );
      },
    })),
    {
      title: "From",
      cell: ({ run, source }) => (run ? <a href={to("run", run)}>training</a> : source),
    },
    {
      title: "Dataset",
      cell: ({ dataset }) => (dataset ? <a href={to("dataset", dataset)}>{dataset}</a> : "–"),
    },
    { title: "Made", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
}

/** Counts as they are, shares with as many digits as each other. */
export const figure = (value: number) =>
  value > 1 && Number.isInteger(value) ? String(value) : value.toFixed(4);
