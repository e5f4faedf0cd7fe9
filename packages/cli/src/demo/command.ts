import { Argument, Command } from "commander";
import { examplesText, positiveInteger } from "../target/options.ts";
import { paint, print, printJson, printNote } from "../terminal/output.ts";

interface DemoOptions {
  samples: number;
  port: string;
  dir: string;
  exit?: boolean;
  json?: boolean;
}

export const demo = new Command("demo").description("Show what Sluice does, on a separate local cloud");

demo
  .command("drift")
  .description("Show drift, its report, reviews, a retraining by rule and the better version")
  .addArgument(
    new Argument("[model]", "a model that declares when to retrain and to deploy")
      .choices(["vehicles"])
      .default("vehicles"),
  )
  .option("--samples <n>", "images by day, and again at night", positiveInteger, 500)
  .option("--port <port>", "port of the local cloud; 0 chooses a free one", "0")
  .option("--dir <folder>", "state folder of the local cloud", ".sluice/demo")
  .option("--exit", "stop the local cloud at the end")
  .option("--json", "print one JSON document instead of text, and stop the local cloud at the end")
  .addHelpText(
    "after",
    `\nIt takes a few minutes. The folder is deleted first. Your own models, labels and endpoints are not touched.\n${examplesText(
      ["npx sluice demo drift vehicles", "npx sluice demo drift vehicles --samples 350 --exit"],
    )}`,
  )
  .action(async (model: string, { samples, port, dir, exit, json }: DemoOptions) => {
    // Imported here, so that the help starts fast.
    const { startSeparateCloud } = await import("../start/separate-cloud.ts");
    const { runDriftDemo, formatPercent } = await import("./drift.ts");
    const started = performance.now();
    const cloud = await startSeparateCloud(dir, port);
    const say = json ? printNote : print;
    try {
      say(`Watch it live: ${cloud.page}\n`);
      const summary = await runDriftDemo(cloud.api, { model, samples, dir, print: say });
      if (json) return printJson(summary);
      const { day, night, afterRetraining } = summary.accuracy;
      const seconds = Math.round((performance.now() - started) / 1_000);
      print(
        `\n${paint("green", "✓")} ${formatPercent(day)} right by day, ${formatPercent(night)} at night, ` +
          `${formatPercent(afterRetraining)} after the retraining (${seconds} s)`,
      );
      if (!exit) await cloud.untilInterrupted();
    } finally {
      await cloud.stop();
    }
  });
