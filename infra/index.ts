// In reading order: where things are kept, how an upload travels, what answers questions, what watches.
export * from "./stage.ts";
export * from "./storage.ts";
export * from "./table.ts";
export * from "./bus.ts";
export * from "./containers.ts";
export * from "./hosting.ts";
export * from "./queues.ts";
export * from "./routing.ts";
export * from "./inference.ts";
export * from "./changes.ts";
export * from "./datasets.ts";
export * from "./training.ts";
export * from "./versions.ts";
export * from "./api.ts";
export * from "./web.ts";
export * from "./monitoring.ts";
