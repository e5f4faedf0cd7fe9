import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { withCommonOptions, connectTarget } from "../target/options.ts";
import { sanitize } from "../terminal/output.ts";
import { describeEvent } from "./describe.ts";

interface EventOptions extends ListOptions {
  model?: string;
  type?: string;
  subject?: string;
  from?: string;
  to?: string;
}

export const events = withListOptions(
  withCommonOptions(
    new Command("events").description(
      "List the events of labels, datasets, training runs, versions, endpoints and deployments",
    ),
    [
      "npx sluice events",
      "npx sluice events --model cats --type training.changed",
      "npx sluice events --subject RUN",
    ],
  ),
  "events, newest first",
  50,
)
  .option("--model <name>", "only events of this model")
  .option("--type <type>", "only this event type, such as version.accepted")
  .option("--subject <id>", "id of an import, dataset, training run or version, or name of an endpoint")
  .option("--from <timestamp>", "start time, inclusive (ISO 8601)")
  .option("--to <timestamp>", "end time, exclusive (ISO 8601)")
  .action(async ({ model, type, subject, from, to, ...options }: EventOptions) => {
    const { api } = connectTarget(options);
    const { items, cursor } = await readPages(options, 200, (page) =>
      readBody(api.events.$get({ query: { model, type, subject, from, to, ...page } })),
    );
    // The newest event is nearest to the prompt.
    printList({ items: options.json ? items : items.toReversed(), cursor }, options.json, {
      empty: "No events.",
      columns: [
        { title: "at", value: ({ at }) => at },
        { title: "model", value: (item) => item.model },
        { title: "event", value: (item) => item.type },
        { title: "subject", value: (item) => sanitize(item.subject) },
        { title: "details", value: (item) => sanitize(describeEvent(item)) },
      ],
    });
  });
