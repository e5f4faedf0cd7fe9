export const production = $app.stage === "production";

/** Where names by convention start: see packages/models/src/names.ts. */
export const place = { app: $app.name, stage: $app.stage };

/** What is thrown away with a personal stage is kept in production. */
export const logRetention = production ? ("3 months" as const) : ("1 week" as const);
