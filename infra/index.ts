// In reading order: what holds for all roles and functions, storage, the path of an upload, labels to endpoints, drift,
// the API, live updates and the page, alerts, alarms, dashboards.
export * from "./stage.ts";
export * from "./trust.ts";
export * from "./functions.ts";
export * from "./storage.ts";
export * from "./table.ts";
export * from "./bus.ts";
export * from "./containers.ts";
export * from "./hosting.ts";
export * from "./queues.ts";
export * from "./routing.ts";
export * from "./inference.ts";
export * from "./changes.ts";
export * from "./labels.ts";
export * from "./datasets.ts";
export * from "./training.ts";
export * from "./versions.ts";
export * from "./deployments.ts";
export * from "./topics.ts";
export * from "./drift.ts";
export * from "./api.ts";
export * from "./live.ts";
export * from "./web.ts";
export * from "./alerts.ts";
export * from "./monitoring.ts";
export * from "./budget.ts";
export * from "./dashboards.ts";
