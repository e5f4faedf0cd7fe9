import type { ModelVersion } from "@sluice/core/version/version.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { ActionButton } from "../../component/action.tsx";
import { Empty, ErrorNote, Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatBytes, formatMetric } from "../../format/number.ts";
import { pathTo } from "../../route/path.ts";
import { Lineage } from "../trace/lineage.tsx";
import { Errors, Scores } from "./evaluation.tsx";

const EVALUATION_MS = 3_000;

export function VersionView({ model, version }: { model: string; version: string }) {
  const resource = useResource(
    `version ${model} ${version}`,
    () => readBody(api().versions[":model"][":version"].$get({ param: { model, version } })),
    {
      everyMs: (data) => (data?.evaluation === "running" ? EVALUATION_MS : undefined),
      on: "version.",
    },
  );
  return (
    <Loaded resource={resource} what="the version">
      {(found) => <VersionPage version={found} reload={resource.reload} />}
    </Loaded>
  );
}

function VersionPage({ version: of, reload }: { version: ModelVersion; reload: () => void }) {
  const { model, version, metrics = {}, manifest } = of;
  const param = { model, version };
  const evaluation = useResource(`evaluation ${model} ${version} ${of.evaluation}`, async () =>
    of.evaluation === "done"
      ? readBody(api().versions[":model"][":version"].evaluation.$get({ param }))
      : null,
  );
  const deploy = async () => {
    const { action } = await readBody(api().deployments.$post({ json: { model, version } }));
    return action === "unchanged" ? "Already deployed." : "Deployment started. See the page of the model.";
  };
  const evaluate = async () => {
    await readBody(api().versions[":model"][":version"].evaluate.$post({ param, json: {} }));
    reload();
    return "Evaluation started.";
  };
  return (
    <View
      title={<code>{version}</code>}
      parents={[
        ["Models", pathTo("models")],
        [model, pathTo("model", model)],
      ]}
      header={
        <>
          <p class="verdict">
            <Status of={of.status} />
            {of.reason && <span>{of.reason}</span>}
            <Time at={of.createdAt} />
          </p>
          <div class="actions">
            <ActionButton name="Deploy" question={`Deploy version ${version} of ${model}?`} action={deploy} />
            <ActionButton name="Evaluate" action={evaluate} />
          </div>
        </>
      }
    >
      <div class="halves even">
        <div class="stack">
          <Panel title="Metrics on the held-out split">
            {Object.keys(metrics).length === 0 ? (
              <p class="hint">Not evaluated.</p>
            ) : (
              <dl class="metrics">
                {Object.entries(metrics).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{formatMetric(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </Panel>
          {of.evaluation !== "done" && of.evaluation !== "running" && (
            <Empty title="No evaluation" command={`npx sluice evaluate ${model} --version ${version}`} />
          )}
          {evaluation.error && <ErrorNote error={evaluation.error} retry={evaluation.reload} />}
          {evaluation.data && <Scores evaluation={evaluation.data} />}
          <Panel title="Package" class="later">
            <Properties
              of={[
                ["Source", of.source],
                ["Image", of.code && <code>{of.code}</code>],
                ["URI", <code>{of.packageUri}</code>],
                ["Size", formatBytes(of.bytes)],
                ["Digest", <code>{of.digest}</code>],
                [
                  "Output",
                  `${manifest.head}${manifest.width ? `, input ${manifest.width} × ${manifest.height}` : ""}`,
                ],
                [
                  "Hyperparameters",
                  Object.entries(of.hyperparameters ?? {})
                    .map(([name, value]) => `${name} ${value}`)
                    .join(", "),
                ],
              ]}
            />
          </Panel>
        </div>
        <div class="stack">
          {evaluation.data && <Errors evaluation={evaluation.data} />}
          <Panel title="Trace">
            <Lineage key={of.status} id={version} />
          </Panel>
        </div>
      </div>
    </View>
  );
}
