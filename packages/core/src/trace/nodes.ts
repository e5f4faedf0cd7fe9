// Reads the record of a node: a function for each kind.
import { traceDataset, traceImport, traceLabel } from "./data.ts";
import { traceAlert, traceDecision, traceReport } from "./decisions.ts";
import type { Node, Traced } from "./node.ts";
import { tracePrediction, traceReview } from "./predictions.ts";
import { traceDeployment, traceEndpoint, traceRun, traceVersion } from "./production.ts";
import type { Kind } from "./trace.ts";

const readers: Record<Kind, (node: Node, now: number) => Promise<Traced>> = {
  label: traceLabel,
  import: traceImport,
  dataset: traceDataset,
  run: traceRun,
  version: traceVersion,
  deployment: traceDeployment,
  endpoint: traceEndpoint,
  prediction: tracePrediction,
  review: traceReview,
  report: traceReport,
  decision: traceDecision,
  alert: traceAlert,
};

export const readNode = (node: Node, now: number): Promise<Traced> => readers[node.kind](node, now);
