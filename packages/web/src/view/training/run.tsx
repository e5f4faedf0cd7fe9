import type { TrainingRun } from "@sluice/core/training/training.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { ActionButton } from "../../component/action.tsx";
import { ErrorNote, Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatDollars } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { pathTo } from "../../route/path.ts";
import { Lineage } from "../trace/lineage.tsx";
import { Curves } from "./curves.tsx";
import { Log } from "./log.tsx";

const REFRESH_MS = 3_000;
const OVER = ["Completed", "Failed", "Stopped", "Deleting"];

export function RunView({ name }: { name: string }) {
  const run = useResource(`run ${name}`, () => readBody(api().training[":name"].$get({ param: { name } })), {
    everyMs: (data) => (data && OVER.includes(data.status) ? undefined : REFRESH_MS),
    on: "training.",
  });
  return (
    <Loaded resource={run} what="the training run">
      {(found) => <RunPage run={found} reload={run.reload} />}
    </Loaded>
  );
}

function RunPage({ run, reload }: { run: TrainingRun; reload: () => void }) {
  const { name, model, status, failureReason, steps = [] } = run;
  const over = OVER.includes(status);
  return (
    <View
      title={name}
      parents={[
        ["Training", pathTo("training")],
        [model, pathTo("model", model)],
      ]}
      header={
        <>
          <p class="verdict">
            <Status of={status} />
            {run.secondaryStatus && run.secondaryStatus !== status && <span>{run.secondaryStatus}</span>}
            <Time at={run.createdAt} />
          </p>
          {!over && (
            <div class="actions">
              <ActionButton
                name="Stop"
                question={`Stop ${name}? It creates no version. Its log and checkpoints are kept.`}
                disabled={run.stopRequested ?? false}
                action={async () => {
                  await readBody(api().training[":name"].stop.$post({ param: { name } }));
                  reload();
                  return "Stopping.";
                }}
              />
            </div>
          )}
        </>
      }
    >
      {failureReason && (
        <ErrorNote error={{ code: "TRAINING_FAILED", message: failureReason, hint: "See the log below." }} />
      )}
      <Curves name={name} over={over} />
      <div class="halves even">
        <div class="stack">
          <Log name={name} />
          <Panel title="Settings" class="later">
            <Properties
              of={[
                ["Platform", [run.platform, run.container].filter(Boolean).join(", ")],
                ["Instance", run.instance && `${run.instance}${run.spot ? ", spot" : ""}`],
                ["Started from", run.startPoint?.version ?? run.startPoint?.uri],
                ["Notes", run.notes?.join(" ")],
                ...Object.entries(run.hyperparameters ?? {}).map(([of, value]): [string, string] => [
                  of,
                  value,
                ]),
                ["Artifact", run.artifact && <code>{run.artifact}</code>],
                ["Cost on AWS", run.cost && formatDollars(run.cost.dollars)],
                ["Requested by", run.requestedBy],
                ["Finished", run.finishedAt && <Time at={run.finishedAt} />],
              ]}
            />
          </Panel>
        </div>
        <div class="stack">
          <Panel title="Steps">
            {steps.length === 0 && (
              <p class="hint">The dataset is being prepared. The job starts after that.</p>
            )}
            <ol class="history">
              {steps.map((step) => (
                <li key={`${step.status} ${step.startedAt}`}>
                  <span>{step.status}</span>
                  <span class="hint">{step.message}</span>
                  <span class="number">
                    {step.endedAt ? (
                      formatDuration(Date.parse(step.endedAt) - Date.parse(step.startedAt))
                    ) : (
                      <Time at={step.startedAt} />
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </Panel>
          <Panel title="Trace">
            <Lineage key={`${status} ${run.version}`} id={name} />
          </Panel>
        </div>
      </div>
    </View>
  );
}
