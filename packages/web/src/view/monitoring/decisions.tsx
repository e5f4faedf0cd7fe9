// What the retrainer decided, also when it decided not to train.
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Loaded } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { pathTo } from "../../route/path.ts";

const REFRESH_MS = 30_000;

export function Decisions({ model }: { model: string }) {
  const decisions = useResource(
    `decisions ${model}`,
    () => readBody(api().models[":model"].retrain.$get({ param: { model }, query: {} })),
    { everyMs: REFRESH_MS, on: "retrain." },
  );
  return (
    <Panel title="Retraining decisions">
      <Loaded resource={decisions} what="the decisions">
        {({ items }) =>
          items.length === 0 ? (
            <p class="hint">No decisions yet. Labels, drift, low accuracy or a schedule lead to one.</p>
          ) : (
            <ol class="history">
              {items.map(({ id, act, explanation, run, changedAt }) => (
                <li key={id}>
                  <Status of={act ? "started" : "waiting"} />
                  {run === undefined ? (
                    <span>{explanation}</span>
                  ) : (
                    <a href={pathTo("run", run)}>{explanation}</a>
                  )}
                  <Time at={changedAt} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
