import { createInterface } from "node:readline/promises";
import { EXIT, Failure } from "./failure.ts";

/** What cannot be undone is asked about on a terminal; in a script, --yes says it. */
export async function confirmed(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Failure("CONFIRMATION_MISSING", question, { exit: EXIT.usage, hint: "Add --yes to say so." });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("NOT_CONFIRMED", "Nothing was done.");
}
