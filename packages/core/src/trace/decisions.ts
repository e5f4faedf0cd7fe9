// Drift reports, decisions about retraining, and alerts in a trace. Stored events are the records of the last two.
import { Alert } from "../alert/alert.ts";
import { SluiceError } from "../error/error.ts";
import { listEvents } from "../event/list.ts";
import { listImports } from "../label/imports.ts";
import { getReport, listReports } from "../monitor/read.ts";
import { RetrainDecision } from "../retrain/retrain.ts";
import type { TrainingRun } from "../training/training.ts";
import { timeOf } from "../util/ordered-id.ts";
import * as link from "./links.ts";
import type { Node, Step, Traced } from "./node.ts";

const HOUR_MS = 3_600_000;
/** A decision follows its cause, and a run its decision, within this time. Retries are included. */
const FOLLOWS_MS = 24 * HOUR_MS;
const MAX_EVENTS = 200;

interface Search {
  model: string;
  type: "retrain.decided" | "alert.raised";
  /** Epoch ms. */
  from: number;
  to: number;
}

/** The details of the model's events in a period. */
async function detailsOf({ model, type, from, to }: Search, now: number) {
  const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { items } = await listEvents({ subject: model, type, limit: MAX_EVENTS, ...period }, now);
  return items.map(({ detail }) => detail);
}

const around = (at: string) => ({ from: Date.parse(at) - FOLLOWS_MS, to: Date.parse(at) + FOLLOWS_MS });

export async function traceReport({ id }: Node, now: number): Promise<Traced> {
  const report = await getReport(id);
  const { model, modelVersion, createdAt } = report;
  return {
    link: link.reportLink(report),
    up: async () => [
      { kind: "version", model, id: modelVersion },
      ...(await alertsAbout(model, id, now)).map((alert) => ({ ...alert, beside: true as const })),
    ],
    down: async () => {
      const at = Date.parse(createdAt);
      const search = { model, type: "retrain.decided", from: at - HOUR_MS, to: at + FOLLOWS_MS } as const;
      const decisions = (await detailsOf(search, now)).map((detail) => RetrainDecision.parse(detail));
      const first = decisions.findLast(
        ({ trigger, changedAt }) => trigger === "drift" && changedAt >= createdAt,
      );
      return [
        ...(first ? [{ kind: "decision" as const, model, id: first.id }] : []),
        ...(await alertsAbout(model, id, now)),
      ];
    },
  };
}

export async function traceDecision({ model, id }: Node, now: number): Promise<Traced> {
  const at = timeOf(id) ?? 0;
  const search = { model, type: "retrain.decided", from: at - 7 * FOLLOWS_MS, to: at + HOUR_MS } as const;
  const found = (await detailsOf(search, now)).find((detail) => detail["id"] === id);
  if (!found) throw new SluiceError("TRACE_UNKNOWN", `There is no decision ${id}.`);
  const decision = RetrainDecision.parse(found);
  return {
    link: link.decisionLink(decision),
    up: () => causeOf(decision),
    down: async () => (decision.run ? [{ kind: "run", model, id: decision.run }] : []),
  };
}

/** The drift report or the import that it followed. */
async function causeOf({ model, trigger, changedAt }: RetrainDecision): Promise<Step[]> {
  if (trigger === "drift") {
    const { items } = await listReports({ model, limit: 20 });
    const cause = items.find(({ createdAt, status }) => createdAt <= changedAt && status === "drift");
    return cause ? [{ kind: "report", model, id: cause.id }] : [];
  }
  if (trigger !== "labels") return [];
  const { items } = await listImports({ model, limit: 20 });
  const cause = items.find(({ createdAt }) => createdAt <= changedAt);
  return cause ? [{ kind: "import", model, id: cause.id }] : [];
}

/** The decision that started a run. A person's run has none. */
export async function decisionOf({ name, model, createdAt }: TrainingRun, now: number): Promise<Node[]> {
  const decisions = await detailsOf({ model, type: "retrain.decided", ...around(createdAt) }, now);
  const found = decisions.find((detail) => detail["run"] === name);
  return found ? [{ kind: "decision", model, id: String(found["id"]) }] : [];
}

export async function traceAlert({ model, id }: Node, now: number): Promise<Traced> {
  const alert = (await allAlerts(model, now)).find((one) => one.id === id);
  if (!alert) throw new SluiceError("TRACE_UNKNOWN", `There is no alert ${id}.`);
  return { link: link.alertLink(alert), up: async () => subjectOfAlert(alert) };
}

/** The alerts about low accuracy and budgets are about a period, which is no record. */
function subjectOfAlert({ kind, model, of }: Alert): Step[] {
  if (kind === "drift") return [{ kind: "report", model, id: of }];
  if (kind === "training.failed") return [{ kind: "run", model, id: of }];
  return kind === "deployment.failed" ? [{ kind: "deployment", model, id: of }] : [];
}

export async function alertsAbout(model: string, id: string, now: number): Promise<Node[]> {
  const alerts = (await allAlerts(model, now)).filter(({ of }) => of === id);
  return alerts.map((alert) => ({ kind: "alert" as const, model, id: alert.id }));
}

/** A window of hours separates two alerts of a kind, so a model's newest alerts reach far back. */
async function allAlerts(model: string, now: number): Promise<Alert[]> {
  const { items } = await listEvents({ subject: model, type: "alert.raised", limit: MAX_EVENTS }, now);
  return items.map(({ detail }) => Alert.parse(detail));
}
