import { db } from "../db.ts";

type Outcome = { version: string } | { problem: string };

/** Records the version of a completed run, or why it has none. A version clears an earlier problem. */
export async function recordOutcome(name: string, outcome: Outcome): Promise<void> {
  const run = db().entities.trainingRun.patch({ name });
  const change =
    "version" in outcome
      ? run.set({ version: outcome.version }).remove(["versionProblem"])
      : run.set({ versionProblem: outcome.problem });
  await change.go({ response: "none", returnOnConditionCheckFailure: true });
}
