// What an event says as an alert: its title, its text and its page.
import type { DomainEvent } from "../events.ts";
import type { Alert } from "./alert.ts";

export const alertSources = [
  "training.changed",
  "deployment.changed",
  "drift.detected",
  "accuracy.low",
  "training.deferred",
  "retrain.decided",
] as const;
export type AlertSource = DomainEvent<(typeof alertSources)[number]>;

export type AlertContent = Pick<Alert, "kind" | "model" | "title" | "text" | "of"> & {
  /** Of the page: its parts, as in `#/run/NAME`. */
  page: string[];
};

/** Undefined for an event that needs no attention. */
export function describeAlert({ type, detail }: AlertSource): AlertContent | undefined {
  const { model } = detail;
  switch (type) {
    case "training.changed":
      if (detail.status !== "Failed") return undefined;
      return {
        kind: "training.failed",
        model,
        title: `A training of ${model} failed`,
        text: `${detail.name}: ${detail.failureReason ?? "SageMaker gave no reason."}`,
        page: ["run", detail.name],
        of: detail.name,
      };
    case "deployment.changed":
      if (detail.status !== "failed" || detail.superseded) return undefined;
      return {
        kind: "deployment.failed",
        model,
        title: `A deployment of ${model} failed`,
        text: `Version ${detail.version}, step ${detail.step}: ${detail.reason ?? "no reason was recorded."}`,
        page: ["model", model],
        of: detail.id,
      };
    case "drift.detected":
      return {
        kind: "drift",
        model,
        title: `The data of ${model} drifted`,
        text: `${describePeriod(detail)}, ${detail.count} predictions: ${detail.reason}`,
        page: ["monitoring", model],
        of: detail.id,
      };
    case "accuracy.low":
      return {
        kind: "accuracy",
        model,
        title: `The accuracy of ${model} is low`,
        text:
          `${describePeriod(detail)}: ${percent(detail.value)} (${percent(detail.low)} to ${percent(detail.high)}) ` +
          `of ${detail.count} labeled predictions. The bound is ${percent(detail.bound)}.`,
        page: ["monitoring", model],
        of: `${detail.from}/${detail.to}`,
      };
    case "training.deferred":
      return budgetAlert(model, detail.reason, detail.changedAt);
    case "retrain.decided":
      if (detail.act || detail.reason !== "budget") return undefined;
      return budgetAlert(model, detail.explanation, detail.changedAt);
  }
}

const budgetAlert = (model: string, text: string, changedAt: string): AlertContent => ({
  kind: "budget",
  model,
  title: `A retraining of ${model} waits for its budget`,
  text,
  page: ["model", model],
  // The month: the budget is per month.
  of: changedAt.slice(0, "2026-11".length),
});

const describePeriod = ({ from, to }: { from: string; to: string }) => `${from} to ${to}`;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
