import { models } from "@sluice/models/index.ts";
import { resourceName } from "@sluice/models/names.ts";
import { stageProblem } from "@sluice/models/stage.ts";

export const production = $app.stage === "production";

/** The prefix of names by convention: see packages/models/src/names.ts. */
export const appStage = { app: $app.name, stage: $app.stage };

const problem = stageProblem(
  appStage,
  models.map(({ name }) => name),
);
if (problem) throw new Error(problem);

/** The shortest limit of AWS for the resources that use it: rules, roles and access controls. */
const NAME_MAX = 64;

/** For resources outside SST's components, which SST does not name. */
export const ownName = (logical: string) => resourceName(appStage, logical, NAME_MAX);

export const logRetention = production ? ("3 months" as const) : ("1 week" as const);
/** The same, for log groups that SST does not create. */
export const logDays = production ? 90 : 7;
