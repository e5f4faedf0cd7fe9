import type { Command } from "commander";

/** In the order of the help. Only the requested command is imported, because most need few packages. */
export const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import("./start/command.ts")).start,
  env: async () => (await import("./target/env.ts")).env,
  upload: async () => (await import("./upload/command.ts")).upload,
  predictions: async () => (await import("./prediction/predictions.ts")).predictions,
  review: async () => (await import("./review/command.ts")).review,
  predict: async () => (await import("./prediction/predict.ts")).predict,
  dataset: async () => (await import("./dataset/command.ts")).dataset,
  labels: async () => (await import("./label/command.ts")).labels,
  train: async () => (await import("./training/train.ts")).train,
  training: async () => (await import("./training/runs.ts")).training,
  versions: async () => (await import("./version/versions.ts")).versions,
  evaluate: async () => (await import("./version/evaluate.ts")).evaluate,
  provision: async () => (await import("./deployment/provision.ts")).provision,
  traffic: async () => (await import("./deployment/traffic.ts")).traffic,
  endpoint: async () => (await import("./endpoint/command.ts")).endpoint,
  events: async () => (await import("./event/events.ts")).events,
  trace: async () => (await import("./event/trace.ts")).trace,
  logs: async () => (await import("./log/command.ts")).logs,
  redrive: async () => (await import("./queue/redrive.ts")).redrive,
  setup: async () => (await import("./setup/command.ts")).setup,
  doctor: async () => (await import("./doctor/command.ts")).doctor,
  cost: async () => (await import("./cost/command.ts")).cost,
  token: async () => (await import("./token/command.ts")).token,
  synth: async () => (await import("./synth/command.ts")).synth,
};
