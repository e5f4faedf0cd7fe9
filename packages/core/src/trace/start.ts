// The first steps of a trace, from any kind of record.
import { getDataset } from "../dataset/read.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { getDeployment, listDeployments } from "../deployment/read.ts";
import { getEndpoint } from "../endpoint/read.ts";
import { getPrediction } from "../prediction/record.ts";
import { getRun } from "../training/read.ts";
import { findVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";
import {
  deploymentStep,
  downFromDataset,
  downFromLabel,
  downFromRun,
  downFromVersion,
  MAX_CHILDREN,
  predictionSteps,
} from "./downstream.ts";
import type { TraceStart } from "./find.ts";
import * as link from "./links.ts";
import type { Step } from "./step.ts";
import { upToRun, upToVersion } from "./upstream.ts";

export async function firstSteps(start: TraceStart): Promise<Step[]> {
  switch (start.kind) {
    case "label":
      return start.labels.map(({ model, key }) => ({ next: () => downFromLabel(model, key) }));
    case "dataset": {
      const dataset = await getDataset(start.id);
      return [{ link: link.datasetLink(dataset) }, ...(await downFromDataset(dataset.model, dataset.id))];
    }
    case "run":
      return [...(await upToRun(start.id)), ...(await downFromRun(await getRun(start.id)))];
    case "version":
      return [
        ...(await upToVersion(start.model, start.id)),
        ...(await downFromVersion(start.model, start.id)),
      ];
    case "deployment":
      return aroundDeployment(await getDeployment(start.id));
    case "endpoint": {
      const endpoint = await getEndpoint(start.id);
      const deployment = await liveAt(endpoint.model, endpoint.name, "9999");
      return [
        ...(await aroundLive(deployment, endpoint.model)),
        { link: link.endpointLink(endpoint, deployment?.id) },
      ];
    }
    case "prediction":
      return aroundPrediction(start.id);
  }
}

async function aroundPrediction(id: string): Promise<Step[]> {
  const prediction = await getPrediction(id);
  const { model, endpoint, modelVersion, finishedAt, changedAt, review } = prediction;
  const at = finishedAt ?? changedAt;
  const version = modelVersion ? await findVersion(model, modelVersion) : undefined;
  const source = version
    ? await aroundServed(version, endpoint, at)
    : await aroundLive(await liveAt(model, endpoint, at), model);
  const key = review?.key;
  return [
    ...source,
    ...predictionSteps(prediction, endpoint ?? version?.version),
    ...(key === undefined ? [] : [{ next: () => downFromLabel(model, key) }]),
  ];
}

async function aroundServed(
  version: ModelVersion,
  endpoint: string | undefined,
  at: string,
): Promise<Step[]> {
  const deployment = await deploymentOf(version, endpoint, at);
  return [
    ...(await upToVersion(version.model, version.version)),
    ...(deployment ? [deploymentStep(deployment)] : []),
  ];
}

async function aroundLive(deployment: Deployment | undefined, model: string): Promise<Step[]> {
  if (!deployment) return [{ gap: `No deployment of ${model} is known to have served it.` }];
  return aroundDeployment(deployment);
}

const aroundDeployment = async (deployment: Deployment): Promise<Step[]> => [
  deploymentStep(deployment),
  ...(await upToVersion(deployment.model, deployment.version)),
];

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
async function deploymentOf({ model, version }: ModelVersion, endpoint: string | undefined, at: string) {
  const { items } = await listDeployments({ model, limit: MAX_CHILDREN });
  return items.find(
    (one) =>
      one.version === version &&
      one.startedAt <= at &&
      (endpoint === undefined || [one.endpoint, one.candidate].includes(endpoint)),
  );
}
