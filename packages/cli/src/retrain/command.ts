import type { RetrainDecision } from "@sluice/core/retrain/retrain.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { print, printJson, printTable } from "../terminal/output.ts";

export const retrain = new Command("retrain").description("Explain and check automatic trainings");

const formatDecision = ({ act, reason }: Pick<RetrainDecision, "act" | "reason">) =>
  `${act ? "yes" : "no"} (${reason})`;

withCommonOptions(
  retrain
    .command("explain")
    .argument("<model>", "model name")
    .description("Show the last decisions, what would be decided now, and what is missing for a training"),
  ["npx sluice retrain explain vehicles", "npx sluice retrain explain vehicles --json | jq .missing"],
)
  .option("--limit <n>", "number of decisions, newest first", "10")
  .action(async (model: string, { limit, ...options }: CommonOptions & { limit: string }) => {
    const { api } = connectTarget(options);
    const found = await readBody(api.models[":model"].retrain.$get({ param: { model }, query: { limit } }));
    if (options.json) return printJson(found);
    const { next, missing, items } = found;
    print(`now       ${formatDecision(next)}: ${next.explanation}`);
    for (const condition of missing) print(`missing   ${condition}`);
    if (items.length === 0) return print("\nNo decisions.");
    print();
    printTable<RetrainDecision>(items, [
      { title: "at", value: ({ changedAt }) => changedAt },
      { title: "trigger", value: ({ trigger }) => trigger },
      { title: "retrain", value: formatDecision },
      { title: "explanation", value: ({ explanation }) => explanation },
      { title: "training", value: ({ run }) => run },
    ]);
  });

withCommonOptions(
  retrain
    .command("check")
    .argument("<model>", "model name")
    .description("Decide now, and start a training if it is due"),
  ["npx sluice retrain check vehicles"],
).action(async (model: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const decided = await readBody(api.models[":model"].retrain.$post({ param: { model } }));
  if (options.json) return printJson(decided);
  print(`${formatDecision(decided)}: ${decided.explanation}`);
  if (decided.run) print(`training  ${decided.run}`);
});
