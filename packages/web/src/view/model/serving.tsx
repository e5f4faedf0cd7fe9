// What answers for the model now, and every change of it.
import type { Traffic } from "@sluice/core/traffic/traffic.ts";
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { Empty, ErrorNote, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { to } from "../../route/route.ts";

const REFRESH_MS = 30_000;
const SHOWN = 10;

interface ServingProps {
  model: Model;
  /** Absent as long as that is not known. */
  now: Traffic | undefined;
}

export function Serving({ model, now }: ServingProps) {
  const { name, endpoint } = model;
  const deployments = useRemote(
    `deployments ${name}`,
    async () => (await body(api().deployments.$get({ query: { model: name } }))).items,
    { everyMs: REFRESH_MS, on: "deployment." },
  );
  return (
    <Panel title="Serving" aside={<Status of={endpoint.status} />}>
      {endpoint.failureReason && (
        <ErrorNote
          error={{
            code: "ENDPOINT_FAILED",
            message: endpoint.failureReason,
            hint: `Its log: npx sluice logs ${name}`,
          }}
        />
      )}
      {now && (
        <Facts
          of={[
            ["Endpoint", <a href={to("trace", endpoint.name)}>{endpoint.name}</a>],
            ["Live version", now.version && <VersionLink model={name} version={now.version} />],
            [
              "Candidate",
              now.candidate && (
                <>
                  <VersionLink model={name} version={now.candidate.version} /> answers {now.candidate.share}{" "}
                  %, since <Time at={now.candidate.since} />
                </>
              ),
            ],
            [
              "Its answers",
              now.candidate &&
                now.answers !== undefined &&
                `${now.answers}, of which ${now.failures ?? 0} failed`,
            ],
          ]}
        />
      )}
      <Shown remote={deployments} what="deployments">
        {(all) =>
          all.length === 0 ? (
            <Empty title="Nothing was deployed yet" command={`npx sluice provision ${name}`} />
          ) : (
            <ol class="history">
              {all.slice(0, SHOWN).map((one) => (
                <li key={one.id}>
                  <Status of={one.status} title={one.reason} />
                  <span>
                    <VersionLink model={name} version={one.version} /> to {one.hosting.target}
                    {one.status === "running" && `, at “${one.step}”`}
                    {one.reason && <span class="hint"> {one.reason}</span>}
                  </span>
                  <Time at={one.changedAt} />
                </li>
              ))}
            </ol>
          )
        }
      </Shown>
    </Panel>
  );
}

const VersionLink = ({ model, version }: { model: string; version: string }) => (
  <a href={to("version", model, version)}>
    <code>{version}</code>
  </a>
);
