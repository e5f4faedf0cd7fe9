import { setTimeout as wait } from "node:timers/promises";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printNote, printJson, print } from "../terminal/output.ts";

const POLL_MS = 500;
const TIMEOUT_MS = 5 * 60_000;

export const redrive = withCommonOptions(
  new Command("redrive")
    .description("Move the dead letters of a model back to its queue")
    .argument("<model>")
    .option("--detach", "return as soon as the move has started"),
  ["npx sluice redrive vehicles"],
).action(async (model: string, { detach, ...options }: CommonOptions & { detach?: boolean }) => {
  const { api } = connectTarget(options);
  const param = { model };
  const begun = await readBody(api.queues[":model"].redrive.$post({ param }));
  if (begun.messages === 0) return options.json ? printJson(begun) : print(`${model} has no dead letters.`);
  if (detach)
    return options.json
      ? printJson(begun)
      : print(`Moving about ${countMessages(begun.messages)} back to the queue.`);
  if (!options.json) printNote(`Moving about ${countMessages(begun.messages)} back to the queue ...`);

  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const { lastMove, deadLetters } = await readBody(api.queues[":model"].$get({ param }));
    if (lastMove.status === "FAILED")
      throw new Failure("REDRIVE_FAILED", lastMove.reason ?? "SQS returned no reason.", {
        hint: "Read the logs (`npx sluice logs`), then run the command again.",
      });
    if (lastMove.status === "COMPLETED") {
      const done = { model, moved: lastMove.moved, deadLetters };
      return options.json
        ? printJson(done)
        : print(
            `Moved ${countMessages(lastMove.moved)}. List the predictions: npx sluice predictions list ${model}`,
          );
    }
    if (Date.now() > end)
      throw new Failure("REDRIVE_SLOW", `The move is still running after ${TIMEOUT_MS / 60_000} minutes.`, {
        exit: EXIT.failed,
        hint: "It continues in the background. Check the queue later with `npx sluice doctor`.",
      });
    await wait(POLL_MS);
  }
});

const countMessages = (count: number) => `${count} ${count === 1 ? "message" : "messages"}`;
