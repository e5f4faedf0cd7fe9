// One version: where it came from, how good it is and at what, and its way to an endpoint.
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Act } from "../../component/act.tsx";
import { Empty, ErrorNote, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { bytes } from "../../format/number.ts";
import { to } from "../../route/route.ts";
import { Chain } from "../trace/chain.tsx";
import { figure } from "../model/versions.tsx";
import { Mistakes, Scores } from "./evaluation.tsx";

const EVALUATION_MS = 3_000;

export function VersionView({ model, version }: { model: string; version: string }) {
  const remote = useRemote(
    `version ${model} ${version}`,
    () => body(api().versions[":model"][":version"].$get({ param: { model, version } })),
    {
      everyMs: (shown) => (shown?.evaluation === "running" ? EVALUATION_MS : undefined),
      on: "version.",
    },
  );
  return (
    <Shown remote={remote} what="the version">
      {(found) => <One version={found} reload={remote.reload} />}
    </Shown>
  );
}

function One({ version: of, reload }: { version: ModelVersion; reload: () => void }) {
  const { model, version, metrics = {}, about } = of;
  const param = { model, version };
  const evaluation = useRemote(`evaluation ${model} ${version} ${of.evaluation}`, async () =>
    of.evaluation === "done" ? body(api().versions[":model"][":version"].evaluation.$get({ param })) : null,
  );
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={to("models")}>Models</a> / <a href={to("model", model)}>{model}</a>
        </p>
        <h1>
          <code>{version}</code>
        </h1>
        <p class="verdict">
          <Status of={of.status} />
          {of.reason && <span>{of.reason}</span>}
          <Time at={of.createdAt} />
        </p>
        <div class="actions">
          <Act
            name="Deploy"
            ask={`Serve ${model} with ${version}?`}
            act={async () => {
              const { action } = await body(api().deployments.$post({ json: { model, version } }));
              return action === "unchanged" ? "It is served already." : "On its way: see the model.";
            }}
          />
          <Act
            name="Evaluate"
            act={async () => {
              await body(api().versions[":model"][":version"].evaluate.$post({ param, json: {} }));
              reload();
              return "The evaluation runs.";
            }}
          />
        </div>
      </header>
      <div class="halves even">
        <div class="stack">
          <Panel title="Figures on the held-out split">
            {Object.keys(metrics).length === 0 ? (
              <p class="hint">Not evaluated yet.</p>
            ) : (
              <dl class="tellers">
                {Object.entries(metrics).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{figure(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </Panel>
          {of.evaluation !== "done" && of.evaluation !== "running" && (
            <Empty title="No evaluation to show" command={`npx sluice evaluate ${model} ${version}`} />
          )}
          {evaluation.error && <ErrorNote error={evaluation.error} retry={evaluation.reload} />}
          {evaluation.data && <Scores evaluation={evaluation.data} />}
          <Panel title="Package" class="later">
            <Facts
              of={[
                ["From", of.source],
                ["Image", of.code && <code>{of.code}</code>],
                ["Address", <code>{of.packageUri}</code>],
                ["Size", bytes(of.bytes)],
                ["Digest", <code>{of.digest}</code>],
                ["Output", `${about.head}${about.width ? `, sees ${about.width} × ${about.height}` : ""}`],
                [
                  "Settings",
                  Object.entries(of.hyperparameters ?? {})
                    .map(([name, value]) => `${name} ${value}`)
                    .join(", "),
                ],
              ]}
            />
          </Panel>
        </div>
        <div class="stack">
          {evaluation.data && <Mistakes evaluation={evaluation.data} />}
          <Panel title="Lineage">
            <Chain key={of.status} id={version} />
          </Panel>
        </div>
      </div>
    </article>
  );
}
