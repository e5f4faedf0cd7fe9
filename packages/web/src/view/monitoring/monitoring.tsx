// What the monitor found: drift since the baseline, examples, estimated accuracy, and what the retrainer decided.
import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { api, readBody } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { ActionButton } from "../../component/action.tsx";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Loaded } from "../../component/notes.tsx";
import { Panel, Properties } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { queryOf } from "../../route/route.ts";
import { Performance } from "../model/performance.tsx";
import { AccuracyPanel } from "./accuracy.tsx";
import { Decisions } from "./decisions.tsx";
import { EffectPlot } from "./effect-plot.tsx";
import { Examples } from "./examples.tsx";
import { Findings } from "./findings.tsx";
import { Reports } from "./reports.tsx";

const REFRESH_MS = 30_000;
/** Reports in the plots, newest first. */
const HISTORY = "100";

/** `name`: from links of alerts, which have the model in the path. */
export function MonitoringView({ name }: { name: string | undefined }) {
  const models = useModels();
  const { model = name, report } = queryOf("model", "report");
  return (
    <Loaded resource={models} what="the models">
      {(all) => {
        const chosen = all.find(({ name }) => name === model) ?? all[0];
        if (!chosen) return <Empty title="No models" />;
        return <ModelMonitoring key={chosen.name} model={chosen} report={report} />;
      }}
    </Loaded>
  );
}

type Model = NonNullable<ReturnType<typeof useModels>["data"]>[number];

function ModelMonitoring({ model, report: id }: { model: Model; report: string | undefined }) {
  const { name } = model;
  const reports = useResource(
    `reports ${name}`,
    () =>
      readBody(
        api().monitoring[":model"].reports.$get({ param: { model: name }, query: { limit: HISTORY } }),
      ),
    { everyMs: REFRESH_MS, on: "drift." },
  );
  const items = (reports.data?.items ?? []) as DriftReport[];
  const shown = items.find((one) => one.id === id) ?? items[0];
  return (
    <View
      title="Monitoring"
      header={
        <p class="verdict">
          <ModelFilter chosen={name} any={false} />
          {shown && <Status of={shown.status} title={shown.reason} />}
          <ActionButton
            name="Compare now"
            action={async () => {
              const done = await readBody(api().monitoring[":model"].runs.$post({ param: { model: name } }));
              reports.reload();
              return "findings" in done ? `Compared: ${done.status}.` : done.message;
            }}
          />
          <a href={withQuery(pathTo("review"), { model: name })}>Reviews</a>
          <a href={withQuery(pathTo("events"), { model: name })}>Events</a>
        </p>
      }
    >
      <Loaded resource={reports} what="the reports">
        {() =>
          shown === undefined ? (
            <Empty title={`No reports of ${name}`} command={`npx sluice monitoring run ${name}`}>
              The monitor compares captured predictions with the baseline of the live version. It runs on a
              schedule, and whenever you start it.
            </Empty>
          ) : (
            <>
              <ReportSummary report={shown} latest={shown === items[0]} />
              <Findings findings={shown.findings} />
              <Examples report={shown} />
              <EffectPlot reports={items} />
            </>
          )
        }
      </Loaded>
      <AccuracyPanel model={model} reports={items} />
      <Performance model={model} />
      <div class="halves even">
        <Decisions model={name} />
        <Reports reports={items} shown={shown?.id} />
      </div>
    </View>
  );
}

function ReportSummary({ report, latest }: { report: DriftReport; latest: boolean }) {
  const { harm, harmUnknown, reason, from, to, count, modelVersion, model } = report;
  return (
    <Panel title={latest ? "Latest report" : "Report"} aside={<Time at={report.createdAt} />}>
      <p>{reason}</p>
      <Properties
        of={[
          [
            "Window",
            <>
              <Time at={from} /> to <Time at={to} />, {formatCount(count)} predictions
            </>,
          ],
          ["Version", <a href={pathTo("version", model, modelVersion)}>{modelVersion}</a>],
          [
            `Estimated ${harm?.metric ?? "accuracy"}`,
            harm &&
              `${formatPercent(harm.estimated)} (${formatPercent(harm.low)} to ${formatPercent(harm.high)})${
                harm.baseline === undefined ? "" : `, ${formatPercent(harm.baseline)} on the held-out items`
              }`,
          ],
          ["Note", harmUnknown],
        ]}
      />
    </Panel>
  );
}
