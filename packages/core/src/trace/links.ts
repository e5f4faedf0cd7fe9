// Each kind of record as a link of the chain.
import type { Alert } from "../alert/alert.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { Import } from "../label/import.ts";
import type { Label } from "../label/label.ts";
import type { DriftReport } from "../monitor/report.ts";
import type { Prediction } from "../prediction/prediction.ts";
import type { Review } from "../review/review.ts";
import { describeEnd, describeReason } from "../review/describe.ts";
import type { RetrainDecision } from "../retrain/retrain.ts";
import type { TrainingRun } from "../training/training.ts";
import type { ModelVersion } from "../version/version.ts";
import type { Found } from "./trace.ts";

export const labelLink = ({ key, model, label, boxes, annotator, source, labelledAt }: Label): Found => ({
  kind: "label",
  id: key,
  model,
  what: `${label ?? `${boxes?.length ?? 0} boxes`}, by ${annotator ?? source}`,
  at: labelledAt,
});

export const importLink = ({ id, model, status, source, added, changed, createdAt }: Import): Found => ({
  kind: "import",
  id,
  model,
  status,
  what: `${added} added, ${changed} changed, from ${source}`,
  at: createdAt,
});

export const datasetLink = ({ id, model, status, items, error, createdAt }: Dataset): Found => ({
  kind: "dataset",
  id,
  model,
  status,
  what: items
    ? `${items.train} for training, ${items.validation} for validation, ${items.test} for testing`
    : (error?.message ?? "no items yet"),
  at: createdAt,
});

export const runLink = (run: TrainingRun): Found => ({
  kind: "run",
  id: run.name,
  model: run.model,
  status: run.status,
  what: [run.container ?? run.image, run.instance, run.failureReason].filter(Boolean).join(", "),
  at: run.createdAt,
});

export const versionLink = (version: ModelVersion): Found => ({
  kind: "version",
  id: version.version,
  model: version.model,
  status: version.status,
  what: [
    Object.entries(version.metrics ?? {})
      .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
      .join(", "),
    version.source === "uploaded" && version.dataset && `evaluated on ${version.dataset}`,
    version.reason,
  ]
    .filter(Boolean)
    .join("; "),
  at: version.createdAt,
});

export const deploymentLink = (deployment: Deployment): Found => ({
  kind: "deployment",
  id: deployment.id,
  subject: deployment.endpoint,
  model: deployment.model,
  status: deployment.status,
  what: [deployment.step, `by ${deployment.requestedBy}`, deployment.reason].filter(Boolean).join(", "),
  at: deployment.startedAt,
});

export const endpointLink = (endpoint: Endpoint): Found => ({
  kind: "endpoint",
  id: endpoint.name,
  model: endpoint.model,
  status: endpoint.status,
  what: [endpoint.target, endpoint.config, endpoint.failureReason].filter(Boolean).join(", "),
  at: endpoint.createdAt ?? endpoint.changedAt,
});

export const predictionLink = (prediction: Prediction): Found => ({
  kind: "prediction",
  id: prediction.id,
  model: prediction.model,
  status: prediction.status,
  what: [
    [prediction.summary?.class, prediction.source.key].filter(Boolean).join(", of "),
    prediction.modelVersion && `by version ${prediction.modelVersion}`,
  ]
    .filter(Boolean)
    .join(", "),
  at: prediction.createdAt,
});

export const reviewLink = (prediction: Prediction, review: Review): Found => ({
  kind: "review",
  id: prediction.id,
  model: prediction.model,
  status: review.status,
  what:
    review.status === "open"
      ? [describeReason(review), review.note].filter(Boolean).join(": ")
      : describeEnd(prediction),
  at: review.endedAt ?? review.openedAt,
});

export const reportLink = ({ id, model, status, reason, from, to, createdAt }: DriftReport): Found => ({
  kind: "report",
  id,
  model,
  status,
  what: `${from} to ${to}: ${reason}`,
  at: createdAt,
});

export const decisionLink = ({
  id,
  model,
  act,
  trigger,
  explanation,
  changedAt,
}: RetrainDecision): Found => ({
  kind: "decision",
  id,
  model,
  status: act ? "yes" : "no",
  what: `asked by ${trigger}: ${explanation}`,
  at: changedAt,
});

export const alertLink = ({ id, model, kind, title, changedAt }: Alert): Found => ({
  kind: "alert",
  id,
  model,
  status: kind,
  what: title,
  at: changedAt,
});
