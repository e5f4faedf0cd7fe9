import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { note, printJson, say } from "../output.ts";

const POLL_MS = 500;
const PATIENCE_MS = 5 * 60_000;

export const redrive = common(
  new Command("redrive")
    .description("Put a model's dead letters back into its queue")
    .argument("<model>")
    .option("--no-wait", "return once it has begun"),
  ["sluice redrive vehicles"],
).action(async (model: string, { wait: follow, ...options }: CommonOptions & { wait: boolean }) => {
  const { api } = open(options);
  const param = { model };
  const begun = await body(api.queues[":model"].redrive.$post({ param }));
  if (begun.messages === 0) return options.json ? printJson(begun) : say(`${model} has no dead letters.`);
  if (!follow) return options.json ? printJson(begun) : say(`Moving about ${begun.messages} messages back.`);
  if (!options.json) note(`Moving about ${begun.messages} messages back ...`);

  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { lastMove, deadLetters } = await body(api.queues[":model"].$get({ param }));
    if (lastMove.status === "FAILED")
      throw new Failure("REDRIVE_FAILED", lastMove.reason ?? "SQS gave no reason.", {
        hint: "Try again; `sluice logs` may show why.",
      });
    if (lastMove.status === "COMPLETED") {
      const done = { model, moved: lastMove.moved, deadLetters };
      return options.json
        ? printJson(done)
        : say(`${lastMove.moved} moved back; see \`sluice predictions list ${model}\`.`);
    }
    if (Date.now() > end)
      throw new Failure("REDRIVE_SLOW", `It still runs after ${PATIENCE_MS / 60_000} minutes.`, {
        exit: EXIT.failed,
        hint: "It goes on by itself; look again later with --no-wait.",
      });
    await wait(POLL_MS);
  }
});
