import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { withCommonOptions, connectTarget } from "../target/options.ts";
import { STATUS_STYLE } from "../terminal/output.ts";

export const deployments = new Command("deployments").description("Show the deployments of the models");

withListOptions(
  withCommonOptions(
    deployments
      .command("list <model>")
      .description("List the deployments of a model, newest first, with requester, step and failure reason"),
    ["npx sluice deployments list cats"],
  ),
  "deployments",
).action(async (model: string, options: ListOptions) => {
  const { api } = connectTarget(options);
  const found = await readPages(options, 100, (query) =>
    readBody(api.deployments.$get({ query: { model, ...query } })),
  );
  printList(found, options.json, {
    empty: `${model} has no deployments. Start one: npx sluice provision ${model}`,
    columns: [
      { title: "started", value: (row) => row.startedAt },
      { title: "version", value: (row) => row.version },
      { title: "changes", value: (row) => row.changes?.join(", ") },
      { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
      { title: "step", value: (row) => row.step },
      { title: "requested by", value: (row) => row.requestedBy },
      { title: "reason", value: (row) => row.reason },
    ],
  });
});
