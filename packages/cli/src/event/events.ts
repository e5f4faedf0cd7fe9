import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { sanitize, printJson, print, printTable } from "../terminal/output.ts";
import { describeEvent } from "./describe.ts";

interface EventOptions extends CommonOptions {
  model?: string;
  type?: string;
  subject?: string;
  from?: string;
  to?: string;
  limit: string;
}

export const events = withCommonOptions(
  new Command("events").description(
    "List the events of labels, datasets, training runs, versions, endpoints and deployments",
  ),
  [
    "npx sluice events",
    "npx sluice events --model cats --type training.changed",
    "npx sluice events --subject RUN",
  ],
)
  .option("--model <name>", "only events of this model")
  .option("--type <type>", "only this event type, such as version.accepted")
  .option("--subject <id>", "id of an import, dataset, training run or version, or name of an endpoint")
  .option("--from <timestamp>", "start time, inclusive (ISO 8601)")
  .option("--to <timestamp>", "end time, exclusive (ISO 8601)")
  .option("--limit <n>", "number of events, newest first", "50")
  .action(async ({ model, type, subject, from, to, limit, ...options }: EventOptions) => {
    const { api } = connectTarget(options);
    const found = await readBody(api.events.$get({ query: { model, type, subject, from, to, limit } }));
    if (options.json) return printJson(found.items);
    if (found.items.length === 0) return print("No events.");
    printTable(found.items.toReversed(), [
      { title: "at", value: ({ at }) => at },
      { title: "model", value: (item) => item.model },
      { title: "event", value: (item) => item.type },
      { title: "subject", value: (item) => sanitize(item.subject) },
      { title: "details", value: (item) => sanitize(describeEvent(item)) },
    ]);
  });
