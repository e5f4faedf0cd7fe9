import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { happeningLine } from "../happening.ts";
import { note, paint, plain, printJson, say, STATUS_STYLE } from "../output.ts";

export const trace = common(
  new Command("trace").description(
    "From an image to the endpoint that learned from it, or back, with all that happened",
  ),
  [
    "npx sluice trace data/cats/Boots/1.jpg",
    "npx sluice trace sluice-local-cats-serverless",
    "npx sluice trace ds_1m7yhf0hns6qwwatt --json",
  ],
)
  .argument("<id>", "an object's key, or a dataset, run, version, deployment, endpoint or prediction")
  .action(async (id: string, options: CommonOptions) => {
    const found = await body(open(options).api.trace.$get({ query: { id } }));
    if (options.json) return printJson(found);
    for (const link of found.links) {
      const status = link.status ? ` ${paint(STATUS_STYLE[link.status] ?? "cyan", link.status)}` : "";
      say(`${paint("bold", link.kind.padEnd(10))} ${plain(link.id)}${status}`);
      say(`${" ".repeat(11)}${paint("dim", link.at)}  ${short(link.what)}`);
      for (const event of link.events)
        say(`${" ".repeat(11)}${paint("dim", event.at)}  ${event.type} ${short(happeningLine(event))}`);
    }
    for (const gap of found.gaps) note(paint("yellow", `! ${plain(gap)}`));
  });

const LINE = 160;
/** Whole in --json. */
const short = (text: string) => plain(text.length > LINE ? `${text.slice(0, LINE - 1)}…` : text);
