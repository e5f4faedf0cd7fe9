import { createInterface } from "node:readline/promises";
import { EXIT, Failure } from "./failure.ts";

/** Asks before an action that cannot be undone. Without a terminal, the command needs --yes. */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Failure("CONFIRMATION_MISSING", `${question} This needs a confirmation.`, {
      exit: EXIT.usage,
      hint: "Add --yes to confirm.",
    });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await prompt.question(`${question} [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(reply.trim())) throw new Failure("NOT_CONFIRMED", "Canceled. Nothing was changed.");
}
