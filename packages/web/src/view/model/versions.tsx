import type { ModelVersion } from "@sluice/core/version/version.ts";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { type Column, Grid } from "../../component/grid.tsx";
import { Empty } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { formatMetric } from "../../format/number.ts";
import { pathTo } from "../../route/path.ts";

const REFRESH_MS = 60_000;

interface VersionsProps {
  model: Model;
  live: string | undefined;
}

export function Versions({ model: { name }, live }: VersionsProps) {
  const versions = usePages(
    `versions ${name}`,
    (page) => readBody(api().versions.$get({ query: { model: name, ...page } })),
    ({ version }) => version,
    { everyMs: REFRESH_MS, on: "version." },
  );
  return (
    <Panel title="Versions">
      <PagedList
        pages={versions}
        what="versions"
        empty={
          <Empty title="No versions" command={`npx sluice train ${name}`}>
            A completed training creates a version, and so does the import of a package.
          </Empty>
        }
      >
        {(all) => (
          <Grid
            label="Versions"
            rows={all}
            rowKey={({ version }) => version}
            columns={columnsOf(all, live)}
          />
        )}
      </PagedList>
    </Panel>
  );
}

/** One column for each metric of any version. */
function columnsOf(all: ModelVersion[], live: string | undefined): Column<ModelVersion>[] {
  const metricNames = [...new Set(all.flatMap(({ metrics }) => Object.keys(metrics ?? {})))].slice(0, 6);
  const best = new Map(
    metricNames.map((name) => {
      const values = all.flatMap(({ metrics }) => metrics?.[name] ?? []);
      return [name, /loss|ece|ms$/i.test(name) ? Math.min(...values) : Math.max(...values)];
    }),
  );
  return [
    {
      title: "Version",
      cell: ({ model, version }) => (
        <a href={pathTo("version", model, version)}>
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
    ...metricNames.map((name) => ({
      title: name,
      number: true,
      cell: ({ metrics }: ModelVersion) => {
        const value = metrics?.[name];
        if (value === undefined) return "–";
        return value === best.get(name) && all.length > 1 && name !== "samples" ? (
          <strong>{formatMetric(value)}</strong>
        ) : (
          formatMetric(value)
        );
      },
    })),
    {
      title: "Source",
      cell: ({ run, source }) => (run ? <a href={pathTo("run", run)}>training</a> : source),
    },
    {
      title: "Dataset",
      cell: ({ dataset }) => (dataset ? <a href={pathTo("dataset", dataset)}>{dataset}</a> : "–"),
    },
    { title: "Created", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
}
