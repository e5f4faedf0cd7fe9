import type { Traffic } from "@sluice/core/traffic/traffic.ts";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { Empty, ErrorNote, Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { pathTo } from "../../route/path.ts";

const REFRESH_MS = 30_000;
const MAX_DEPLOYMENTS = 10;

interface ServingProps {
  model: Model;
  /** Undefined until it is loaded. */
  traffic: Traffic | undefined;
}

export function Serving({ model, traffic }: ServingProps) {
  const { name, endpoint } = model;
  const deployments = useResource(
    `deployments ${name}`,
    async () => (await readBody(api().deployments.$get({ query: { model: name } }))).items,
    { everyMs: REFRESH_MS, on: "deployment." },
  );
  return (
    <Panel title="Serving" aside={<Status of={endpoint.status} />}>
      {endpoint.failureReason && (
        <ErrorNote
          error={{
            code: "ENDPOINT_FAILED",
            message: endpoint.failureReason,
            hint: `Read its log: npx sluice logs ${name}`,
          }}
        />
      )}
      {traffic && (
        <Properties
          of={[
            ["Endpoint", <a href={pathTo("trace", endpoint.name)}>{endpoint.name}</a>],
            ["Live version", traffic.version && <VersionLink model={name} version={traffic.version} />],
            [
              "Candidate",
              traffic.candidate && (
                <>
                  <VersionLink model={name} version={traffic.candidate.version} /> with{" "}
                  {traffic.candidate.share} % of the traffic since <Time at={traffic.candidate.since} />
                </>
              ),
            ],
            [
              "Candidate predictions",
              traffic.candidate &&
                traffic.responses !== undefined &&
                `${traffic.responses}, ${traffic.failures ?? 0} failed`,
            ],
          ]}
        />
      )}
      <Loaded resource={deployments} what="deployments">
        {(all) =>
          all.length === 0 ? (
            <Empty title="No deployments" command={`npx sluice provision ${name}`} />
          ) : (
            <ol class="history">
              {all.slice(0, MAX_DEPLOYMENTS).map((deployment) => (
                <li key={deployment.id}>
                  <Status of={deployment.status} title={deployment.reason} />
                  <span>
                    <VersionLink model={name} version={deployment.version} /> to {deployment.hosting.target}
                    {deployment.status === "running" && `, step: ${deployment.step}`}
                    {deployment.reason && <span class="hint"> {deployment.reason}</span>}
                  </span>
                  <Time at={deployment.changedAt} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}

const VersionLink = ({ model, version }: { model: string; version: string }) => (
  <a href={pathTo("version", model, version)}>
    <code>{version}</code>
  </a>
);
