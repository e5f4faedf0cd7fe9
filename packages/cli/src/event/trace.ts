import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { describeEvent } from "./describe.ts";
import { printNote, paint, sanitize, printJson, print, STATUS_STYLE } from "../terminal/output.ts";

export const trace = withCommonOptions(
  new Command("trace").description(
    "Trace a record both ways: from an upload or a labeled file to the deployed version, and back",
  ),
  [
    "npx sluice trace data/cats/Boots/1.jpg",
    "npx sluice trace s3://BUCKET/uploads/cats/1.jpg",
    "npx sluice trace sluice-local-cats-serverless",
    "npx sluice trace ds_1m7yhf0hns6qwwatt --json",
  ],
)
  .argument("<id>", "key or S3 URI of an object, or id of any record, report, decision, alert or event")
  .action(async (id: string, options: CommonOptions) => {
    const found = await readBody(connectTarget(options).api.trace.$get({ query: { id } }));
    if (options.json) return printJson(found);
    for (const link of found.links) {
      const status = link.status ? ` ${paint(STATUS_STYLE[link.status] ?? "cyan", link.status)}` : "";
      print(`${paint("bold", link.kind.padEnd(10))} ${sanitize(link.id)}${status}`);
      print(`${" ".repeat(11)}${paint("dim", link.at)}  ${shorten(link.what)}`);
      for (const event of link.events)
        print(`${" ".repeat(11)}${paint("dim", event.at)}  ${event.type} ${shorten(describeEvent(event))}`);
    }
    for (const gap of found.gaps) printNote(paint("yellow", `! ${sanitize(gap)}`));
  });

const MAX_LENGTH = 160;
/** `--json` prints the full text. */
const shorten = (text: string) =>
  sanitize(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text);
