import { models } from "@sluice/models/index.ts";
import { stageProblem } from "@sluice/models/stage.ts";
import { type CheckContext, type CheckResult, fail, ok } from "./check.ts";

export async function checkStage({ target }: Pick<CheckContext, "target">): Promise<CheckResult[]> {
  const names = models.map(({ name }) => name);
  const problem = stageProblem(target, names);
  if (problem) return [fail(problem, "Deploy to another stage: npx sst deploy --stage NAME.")];
  return [ok(`resource names of stage ${target.stage} are unambiguous`)];
}
