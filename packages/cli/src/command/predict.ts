import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Command } from "commander";
import { Result } from "@sluice/core/prediction/result.ts";
import { authorization, failureOf, reach } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { paint, printJson, say } from "../output.ts";

export const predict = common(
  new Command("predict")
    .description("A prediction while you wait; leaves no record")
    .argument("<model>")
    .argument("<file>", "a file, or - for standard input"),
  ["sluice predict vehicles car.jpg", "echo 'pay in cash, no receipt' | sluice predict compliance -"],
).action(async (model: string, file: string, options: CommonOptions) => {
  const { target } = open(options);
  const bytes = await (file === "-" ? buffer(process.stdin) : readFile(file)).catch((cause: unknown) => {
    throw new Failure("FILE_MISSING", `${file} cannot be read.`, {
      exit: EXIT.missing,
      hint: "Check the path.",
      cause,
    });
  });
  const started = performance.now();
  const answer = await reach(`${target.api}/predict/${encodeURIComponent(model)}`, {
    method: "POST",
    headers: { ...authorization(target), "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw await failureOf(answer);
  const result = Result.parse(await answer.json());
  if (options.json) return printJson(result);

  const { gate } = result;
  const verdict = gate.passed ? paint("green", "passes the gate") : paint("yellow", "below the gate");
  if (result.task === "object-detection") {
    say(`${result.detections.length} found  (threshold ${gate.threshold})`);
    for (const { class: name, confidence, box } of result.detections)
      say(
        `  ${name} ${confidence.toFixed(3)}  x ${box.x.toFixed(0)} y ${box.y.toFixed(0)} ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`,
      );
  } else {
    const ranked = result.task === "text-classification" ? result.scores : result.probabilities;
    say(
      `${paint("bold", ranked[0]!.class)} ${(ranked[0]!.probability * 100).toFixed(1)} %  ${verdict} at ${gate.threshold}`,
    );
    for (const { class: name, probability } of ranked.slice(1, 6))
      say(paint("dim", `  ${name} ${(probability * 100).toFixed(1)} %`));
  }
  say(
    paint(
      "dim",
      `${result.modelVersion} at ${result.endpoint}, ${Math.round(performance.now() - started)} ms`,
    ),
  );
});
