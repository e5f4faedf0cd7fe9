import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { plain, printJson, say, table } from "../output.ts";
import { happeningLine } from "../happening.ts";

interface EventOptions extends CommonOptions {
  model?: string;
  type?: string;
  subject?: string;
  from?: string;
  to?: string;
  limit: string;
}

export const events = common(
  new Command("events").description(
    "What happened to labels, datasets, runs, versions, endpoints and deployments",
  ),
  [
    "npx sluice events",
    "npx sluice events --model cats --type training.changed",
    "npx sluice events --subject RUN",
  ],
)
  .option("--model <name>", "only this model's")
  .option("--type <type>", "such as version.accepted")
  .option("--subject <id>", "an import, a dataset, a run, a version, or an endpoint's name")
  .option("--from <instant>", "at or after, ISO 8601")
  .option("--to <instant>", "before, ISO 8601")
  .option("--limit <n>", "how many of the newest", "50")
  .action(async ({ model, type, subject, from, to, limit, ...options }: EventOptions) => {
    const { api } = open(options);
    const found = await body(api.events.$get({ query: { model, type, subject, from, to, limit } }));
    if (options.json) return printJson(found.items);
    if (found.items.length === 0) return say("Nothing has happened.");
    say(
      table(found.items.toReversed(), [
        { title: "at", value: ({ at }) => at },
        { title: "model", value: (item) => item.model },
        { title: "event", value: (item) => item.type },
        { title: "subject", value: (item) => plain(item.subject) },
        { title: "what", value: (item) => plain(happeningLine(item)) },
      ]),
    );
  });
