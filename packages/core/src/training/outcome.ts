// What came of a completed run.
import { db } from "../db.ts";

type Outcome = { version: string } | { problem: string };

/** A version takes back the problem there was before it. */
export async function cameOf(name: string, outcome: Outcome): Promise<void> {
  const run = db().entities.trainingRun.patch({ name });
  const change =
    "version" in outcome
      ? run.set({ version: outcome.version }).remove(["versionProblem"])
      : run.set({ versionProblem: outcome.problem });
  await change.go({ response: "none", returnOnConditionCheckFailure: true });
}
