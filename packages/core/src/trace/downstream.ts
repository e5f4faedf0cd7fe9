// What a label led to: datasets, training runs, versions, deployments and endpoints.
import type { Dataset } from "../dataset/dataset.ts";
import { listDatasets } from "../dataset/read.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { listDeployments } from "../deployment/read.ts";
import { getEndpoint } from "../endpoint/read.ts";
import { findImport } from "../label/imports.ts";
import type { Label } from "../label/label.ts";
import { getLabel } from "../label/read.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { getPrediction } from "../prediction/record.ts";
import { reviewSource } from "../review/review.ts";
import { listRuns } from "../training/read.ts";
import type { TrainingRun } from "../training/training.ts";
import { getVersion } from "../version/read.ts";
import * as link from "./links.ts";
import { findSplit } from "./member.ts";
import { ifFound, type Step } from "./step.ts";

/** The newest datasets that are searched for a label. */
const MAX_DATASETS = 10;
/** Of one kind, below one parent. */
export const MAX_CHILDREN = 100;

export const downFromLabel = (model: string, key: string): Promise<Step[]> =>
  ifFound("label", getLabel(model, key), async (label) => {
    const imported = await findImport(model, label.source);
    return [
      ...(await labelSteps(label)),
      ...(imported ? [{ link: link.importLink(imported) }] : []),
      ...(await datasetsWith(label)),
    ];
  });

/** The label, and the prediction whose review set it. */
async function labelSteps(label: Label): Promise<Step[]> {
  const id = label.source === reviewSource ? label.extra?.["prediction"] : undefined;
  if (id === undefined) return [{ link: link.labelLink(label) }];
  const prediction = await ifFound("prediction", getPrediction(String(id)), (found) =>
    predictionSteps(found),
  );
  return [{ link: link.labelLink(label, String(id)) }, ...prediction];
}

/** A prediction and its review. */
export function predictionSteps(prediction: Prediction, from?: string): Step[] {
  const { review } = prediction;
  return [
    { link: link.predictionLink(prediction, from) },
    ...(review ? [{ link: link.reviewLink(prediction, review) }] : []),
  ];
}

async function datasetsWith({ model, key, labelledAt }: Label): Promise<Step[]> {
  const { items } = await listDatasets({ model, limit: MAX_CHILDREN });
  const later = items.filter(
    ({ createdAt, status }) => createdAt >= labelledAt.slice(0, 10) && status === "ready",
  );
  const steps: Step[] =
    later.length > MAX_DATASETS
      ? [{ gap: `Only the newest ${MAX_DATASETS} datasets of ${model} were searched.` }]
      : [];
  for (const dataset of later.slice(0, MAX_DATASETS)) steps.push(...(await datasetWith(dataset, key)));
  return steps;
}

async function datasetWith(dataset: Dataset, key: string): Promise<Step[]> {
  const split = await findSplit(dataset.folder!, key);
  if (split === "none") return [];
  const found = link.datasetLink(dataset, key);
  const where =
    split === "unknown"
      ? "may contain the object, but is too long to search"
      : `the object is in its ${split} split`;
  return [
    {
      link: { ...found, what: `${found.what}; ${where}` },
      next: () => downFromDataset(dataset.model, dataset.id),
    },
  ];
}

export async function downFromDataset(model: string, id: string): Promise<Step[]> {
  const { items } = await listRuns({ model, limit: MAX_CHILDREN });
  return items
    .filter(({ dataset }) => dataset === id)
    .map((run) => ({ link: link.runLink(run), next: () => downFromRun(run) }));
}

export async function downFromRun({
  name,
  model,
  version: id,
  versionProblem,
}: TrainingRun): Promise<Step[]> {
  const gap: Step[] = versionProblem
    ? [{ gap: `${name} has no version, or none that was evaluated: ${versionProblem}` }]
    : [];
  if (!id) return gap;
  const version = await ifFound("version", getVersion(model, id), (found) => [
    { link: { ...link.versionLink(found), from: name }, next: () => downFromVersion(model, id) },
  ]);
  return [...gap, ...version];
}

export async function downFromVersion(model: string, id: string): Promise<Step[]> {
  const { items } = await listDeployments({ model, limit: MAX_CHILDREN });
  return items.filter(({ version }) => version === id).map(deploymentStep);
}

export const deploymentStep = (deployment: Deployment): Step => ({
  link: link.deploymentLink(deployment),
  next: () => downFromDeployment(deployment),
});

async function downFromDeployment({ id, endpoint, status }: Deployment): Promise<Step[]> {
  if (endpoint === "") return [];
  return ifFound("endpoint", getEndpoint(endpoint), (found) =>
    status === "live" ? [{ link: link.endpointLink(found, id) }] : [],
  );
}
