// Training runs, versions, deployments and endpoints in a trace.
import { getDeployment, listDeployments } from "../deployment/read.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { getEndpoint } from "../endpoint/read.ts";
import { listReports } from "../monitor/read.ts";
import { listPredictions } from "../prediction/list.ts";
import { getRun } from "../training/read.ts";
import type { TrainingRun } from "../training/training.ts";
import { getVersion } from "../version/read.ts";
import { alertsAbout, decisionOf } from "./decisions.ts";
import * as link from "./links.ts";
import { MAX_CHILDREN, type Node, type Step, type Traced } from "./node.ts";

const MAX_DEPLOYMENTS = 10;
const MAX_REPORTS = 3;
/** Predictions of a version that are shown, of the newest ones that are searched. */
const MAX_PREDICTIONS = 5;
const MAX_SEARCHED = 200;

export async function traceRun({ id }: Node, now: number): Promise<Traced> {
  const run = await getRun(id);
  const { model, dataset } = run;
  return {
    link: link.runLink(run),
    up: async () => [
      ...(dataset ? [{ kind: "dataset" as const, model, id: dataset }] : []),
      ...(await decisionOf(run, now)),
    ],
    down: async () => [
      ...(await decisionOf(run, now)).map((decision) => ({ ...decision, beside: true as const })),
      ...versionOf(run),
      ...(await alertsAbout(model, id, now)),
    ],
  };
}

function versionOf({ name, model, version, versionProblem }: TrainingRun): Step[] {
  const gap = versionProblem ? [`${name} has no version, or none that was evaluated: ${versionProblem}`] : [];
  return version ? [...gap, { kind: "version", model, id: version }] : gap;
}

export async function traceVersion({ model, id }: Node): Promise<Traced> {
  const version = await getVersion(model, id);
  const { run, dataset } = version;
  return {
    link: link.versionLink(version),
    // An uploaded version has no run; its dataset evaluated it.
    up: async () => {
      if (run) return [{ kind: "run", model, id: run }];
      return dataset ? [{ kind: "dataset", model, id: dataset }] : [];
    },
    down: async () => [
      ...(await deploymentsOf(model, version.version)),
      ...(await reportsAbout(model, version.version)),
    ],
  };
}

async function deploymentsOf(model: string, version: string): Promise<Step[]> {
  const { items } = await listDeployments({ model, limit: MAX_CHILDREN });
  return items
    .filter((one) => one.version === version)
    .slice(0, MAX_DEPLOYMENTS)
    .map(({ id }) => ({ kind: "deployment" as const, model, id }));
}

async function reportsAbout(model: string, version: string): Promise<Step[]> {
  const { items } = await listReports({ model, limit: MAX_CHILDREN });
  return items
    .filter(({ modelVersion }) => modelVersion === version)
    .slice(0, MAX_REPORTS)
    .map(({ id }) => ({ kind: "report" as const, model, id }));
}

export async function traceDeployment({ id }: Node, now: number): Promise<Traced> {
  const deployment = await getDeployment(id);
  const { model, version, endpoint, status } = deployment;
  return {
    link: link.deploymentLink(deployment),
    up: async () => [{ kind: "version", model, id: version }],
    down: async () => [
      ...(status === "live" && endpoint !== ""
        ? [{ kind: "endpoint" as const, model, id: endpoint, last: true as const }]
        : []),
      ...(await predictionsBy(deployment)),
      ...(await alertsAbout(model, id, now)),
    ],
  };
}

async function predictionsBy({ model, version, endpoint, candidate }: Deployment): Promise<Step[]> {
  const { items } = await listPredictions({ model, limit: MAX_SEARCHED });
  return items
    .filter((one) => one.modelVersion === version && [endpoint, candidate].includes(one.endpoint ?? ""))
    .slice(0, MAX_PREDICTIONS)
    .map(({ id }) => ({ kind: "prediction" as const, model, id }));
}

export async function traceEndpoint({ id }: Node): Promise<Traced> {
  const endpoint = await getEndpoint(id);
  const { model } = endpoint;
  const deployment = await liveAt(model, id, "9999");
  return {
    link: link.endpointLink(endpoint),
    up: async () => (deployment ? [{ kind: "deployment", model, id: deployment.id }] : [unserved(model)]),
    down: async () => (deployment ? predictionsBy(deployment) : []),
  };
}

const unserved = (model: string) => `No deployment of ${model} is known to have served it.`;

/** What made a prediction: its version, and the deployment of that version. */
export async function servedBy(
  model: string,
  { version, endpoint, at }: { version?: string; endpoint?: string; at: string },
): Promise<Step[]> {
  const deployment =
    version === undefined
      ? await liveAt(model, endpoint, at)
      : await deploymentOf(model, version, endpoint, at);
  const made = version ?? deployment?.version;
  if (made === undefined) return [unserved(model)];
  return [
    ...(deployment?.status === "live" && deployment.endpoint !== ""
      ? [
          {
            kind: "endpoint" as const,
            model,
            id: deployment.endpoint,
            from: deployment.id,
            last: true as const,
          },
        ]
      : []),
    ...(deployment ? [{ kind: "deployment" as const, model, id: deployment.id }] : []),
    { kind: "version", model, id: made },
  ];
}

/** The deployment that was live at that time. */
async function liveAt(model: string, endpoint: string | undefined, at: string) {
  const { items } = await listDeployments({ model, limit: MAX_CHILDREN });
  return items.find(
    (one) =>
      one.status === "live" &&
      (endpoint === undefined || one.endpoint === endpoint) &&
      (one.finishedAt ?? one.changedAt) <= at,
  );
}

/** The last deployment of this version to that endpoint, as a candidate or live. */
async function deploymentOf(model: string, version: string, endpoint: string | undefined, at: string) {
  const { items } = await listDeployments({ model, limit: MAX_CHILDREN });
  return items.find(
    (one) =>
      one.version === version &&
      one.startedAt <= at &&
      (endpoint === undefined || [one.endpoint, one.candidate].includes(endpoint)),
  );
}
