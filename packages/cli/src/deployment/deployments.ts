import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { printJson, print, STATUS_STYLE, printTable } from "../terminal/output.ts";

export const deployments = new Command("deployments").description("Show the deployments of the models");

withCommonOptions(
  deployments
    .command("list <model>")
    .description("List the deployments of a model, newest first, with requester, step and failure reason")
    .option("--limit <n>", "number of deployments", "20"),
  ["npx sluice deployments list cats"],
).action(async (model: string, { limit, ...options }: CommonOptions & { limit: string }) => {
  const { items } = await readBody(connectTarget(options).api.deployments.$get({ query: { model, limit } }));
  if (options.json) return printJson(items);
  if (items.length === 0)
    return print(`${model} has no deployments. Start one: npx sluice provision ${model}`);
  printTable(items, [
    { title: "started", value: (row) => row.startedAt },
    { title: "version", value: (row) => row.version },
    { title: "changes", value: (row) => row.changes?.join(", ") },
    { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
    { title: "step", value: (row) => row.step },
    { title: "requested by", value: (row) => row.requestedBy },
    { title: "reason", value: (row) => row.reason },
  ]);
});
