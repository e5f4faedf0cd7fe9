// One training run as it goes: its curves, its log, its steps and its settings.
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Act } from "../../component/act.tsx";
import { ErrorNote, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { dollars } from "../../format/number.ts";
import { duration } from "../../format/time.ts";
import { to } from "../../route/route.ts";
import { Chain } from "../trace/chain.tsx";
import { Curves } from "./curves.tsx";
import { Log } from "./log.tsx";

const STEP_MS = 3_000;
const OVER = ["Completed", "Failed", "Stopped", "Deleting"];

export function RunView({ name }: { name: string }) {
  const run = useRemote(`run ${name}`, () => body(api().training[":name"].$get({ param: { name } })), {
    everyMs: (shown) => (shown && OVER.includes(shown.status) ? undefined : STEP_MS),
    on: "training.",
  });
  return (
    <Shown remote={run} what="the training run">
      {(found) => <One run={found} reload={run.reload} />}
    </Shown>
  );
}

function One({ run, reload }: { run: TrainingRun; reload: () => void }) {
  const { name, model, status, failureReason, steps = [] } = run;
  const over = OVER.includes(status);
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={to("training")}>Training</a> / <a href={to("model", model)}>{model}</a>
        </p>
        <h1>{name}</h1>
        <p class="verdict">
          <Status of={status} />
          {run.secondaryStatus && run.secondaryStatus !== status && <span>{run.secondaryStatus}</span>}
          <Time at={run.createdAt} />
        </p>
        {!over && (
          <div class="actions">
            <Act
              name="Stop"
              ask={`Stop ${name}? What it learned so far is kept only where the trainer saves it.`}
              disabled={run.stopRequested ?? false}
              act={async () => {
                await body(api().training[":name"].stop.$post({ param: { name } }));
                reload();
                return "Stopping.";
              }}
            />
          </div>
        )}
      </header>
      {failureReason && (
        <ErrorNote
          error={{ code: "TRAINING_FAILED", message: failureReason, hint: "Its log below says more." }}
        />
      )}
      <Curves name={name} over={over} />
      <div class="halves even">
        <div class="stack">
          <Log name={name} />
          <Panel title="Settings" class="later">
            <Facts
              of={[
                ["Platform", [run.platform, run.container].filter(Boolean).join(", ")],
                ["Instance", run.instance && `${run.instance}${run.spot ? ", spot" : ""}`],
                ...Object.entries(run.hyperparameters ?? {}).map(([of, value]): [string, string] => [
                  of,
                  value,
                ]),
                ["Artifact", run.artifact && <code>{run.artifact}</code>],
                ["Cost on AWS", run.cost && dollars(run.cost.dollars)],
                ["Asked for by", run.requestedBy],
                ["Finished", run.finishedAt && <Time at={run.finishedAt} />],
              ]}
            />
          </Panel>
        </div>
        <div class="stack">
          <Panel title="Steps">
            {steps.length === 0 && <p class="hint">The dataset is being prepared; the job comes after it.</p>}
            <ol class="history">
              {steps.map((step) => (
                <li key={`${step.status} ${step.startedAt}`}>
                  <span>{step.status}</span>
                  <span class="hint">{step.message}</span>
                  <span class="number">
                    {step.endedAt ? (
                      duration(Date.parse(step.endedAt) - Date.parse(step.startedAt))
                    ) : (
                      <Time at={step.startedAt} />
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </Panel>
          <Panel title="Lineage">
            <Chain key={`${status} ${run.version}`} id={name} />
          </Panel>
        </div>
      </div>
    </article>
  );
}
