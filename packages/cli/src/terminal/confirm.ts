import { createInterface } from "node:readline/promises";
import { EXIT, Failure } from "./failure.ts";

/** Asks before an action that cannot be undone. Without a terminal, the command needs --yes. */
export async function confirm(question: string): Promise<void> {
  const reply = await ask(`${question} [y/N] `, question);
  if (!/^y(es)?$/i.test(reply)) throw canceled();
}

/** Asks for a name, before an action that removes much. */
export async function confirmByName(question: string, name: string): Promise<void> {
  if ((await ask(`${question} Type ${name} to confirm: `, question)) !== name) throw canceled();
}

const canceled = () => new Failure("NOT_CONFIRMED", "Canceled. Nothing was changed.");

async function ask(prompt: string, question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Failure("CONFIRMATION_MISSING", `${question} This needs a confirmation.`, {
      exit: EXIT.usage,
      hint: "Add --yes to confirm.",
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await terminal.question(prompt);
  terminal.close();
  return reply.trim();
}
