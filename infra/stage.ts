export const production = $app.stage === "production";

/** The prefix of names by convention: see packages/models/src/names.ts. */
export const appStage = { app: $app.name, stage: $app.stage };

export const logRetention = production ? ("3 months" as const) : ("1 week" as const);
