import { Command, InvalidArgumentError } from "commander";
import type { Request } from "@sluice/core/deployment/request.ts";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { parseSince } from "../log/since.ts";
import { followDeployment } from "./follow.ts";
import { printReport } from "./report.ts";
import { printNote, paint, printJson, print } from "../terminal/output.ts";

export const traffic = new Command("traffic").description(
  "Show and shift the traffic between versions of a model",
);

const parsePercent = (text: string) => {
  const value = Number(text.replace(/%$/, ""));
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError("It must be an integer percentage, 1 to 100.");
};
const parsePercents = (text: string) => text.split(",").map((one) => parsePercent(one.trim()));

/** Converts "10m" to the API's "10 minutes". */
function parseDuration(text: string): Request["every"] {
  const [, amount, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  const units = { s: "seconds", m: "minutes", h: "hours", d: "days" } as const;
  if (amount && Number(amount) > 0) return `${Number(amount)} ${units[unit as keyof typeof units]}`;
  throw new InvalidArgumentError('It must be a duration such as "90s", "10m" or "2h".');
}

withCommonOptions(traffic.command("show <model>").description("Show which versions serve a model"), [
  "npx sluice traffic show cats",
]).action(async (model: string, options: CommonOptions) => {
  const found = await readBody(connectTarget(options).api.traffic[":model"].$get({ param: { model } }));
  if (options.json) return printJson(found);
  const { version, candidate, opening, responses = 0, failures = 0 } = found;
  if (opening) return print(`The first endpoint of ${model} is being created. Uploads wait as pending.`);
  if (!version) return print(`No version of ${model} is live. Deploy one: npx sluice provision ${model}`);
  print(`${paint("bold", version)}  ${100 - (candidate?.share ?? 0)} %`);
  if (candidate)
    print(
      `${paint("bold", candidate.version)}  ${candidate.share} %  since ${candidate.since}: ${responses} predictions, ${failures} failed`,
    );
});

interface SplitOptions extends CommonOptions {
  version: string;
  maxErrors: number;
}

const withSplitOptions = (command: Command) =>
  command
    .requiredOption("--version <version>", "version that receives the share")
    .option("--max-errors <percent>", "abort if more of its predictions fail", parsePercent, 5);

async function shiftTraffic(
  model: string,
  options: SplitOptions,
  shares: number[],
  every?: Request["every"],
) {
  const { version, maxErrors } = options;
  const { api } = connectTarget(options);
  const response = await readBody(
    api.deployments.$post({ json: { model, version, shares, every, maxErrorRate: maxErrors / 100 } }),
  );
  const { deployment } = response;
  const done =
    deployment && (await followDeployment(api, deployment, { quiet: options.json, untilShared: true }));
  if (options.json) return printJson({ ...response, deployment: done });
  if (response.action === "unchanged")
    return print(`Version ${response.version} is already live. Nothing was changed.`);
  if (done?.status === "live")
    return print(`${paint("green", "✓")} version ${response.version} serves all predictions`);
  const { nextAt } = done?.shift ?? {};
  print(
    `${paint("green", "✓")} version ${response.version} serves ${shares[0]} % of the predictions of ${model}`,
  );
  if (shares.length > 1)
    printNote(`  next ${shares[1]} % at ${nextAt}; to abort: npx sluice traffic abort ${model}`);
}

withCommonOptions(
  withSplitOptions(
    traffic
      .command("set <model>")
      .description("Send a fixed share of the predictions to a version")
      .requiredOption("--share <percent>", "1 to 100; 100 makes it live", parsePercent),
  ),
  ["npx sluice traffic set cats --version 0a1b2c --share 10"],
).action((model: string, options: SplitOptions & { share: number }) =>
  shiftTraffic(model, options, [options.share]),
);

withCommonOptions(
  withSplitOptions(
    traffic
      .command("shift <model>")
      .description("Shift the predictions to a version step by step; failures abort the shift")
      .option("--steps <list>", "increasing shares in percent", parsePercents, [10, 50, 100])
      .option("--every <duration>", "duration of each step: 90s, 10m, 2h", parseDuration, "10 minutes"),
  ),
  ["npx sluice traffic shift cats --version 0a1b2c --steps 10,50,100 --every 10m"],
).action((model: string, options: SplitOptions & { steps: number[]; every: Request["every"] }) =>
  shiftTraffic(model, options, options.steps, options.every),
);

withCommonOptions(
  traffic
    .command("abort <model>")
    .description("Send all predictions to the live version and delete the candidate"),
  ["npx sluice traffic abort cats"],
).action(async (model: string, options: CommonOptions) => {
  const done = await readBody(
    connectTarget(options).api.traffic[":model"].candidate.$delete({ param: { model } }),
  );
  if (options.json) return printJson(done);
  print(
    `Aborted version ${done.version}. ${done.previous ? `Version ${done.previous.version} serves all predictions.` : "No version is live."}`,
  );
});

interface ReportOptions extends CommonOptions {
  versions?: string;
  from?: string;
  to?: string;
}

withCommonOptions(
  traffic
    .command("report <model>")
    .description("Compare two versions by the predictions that they served, with a recommendation")
    .option("--versions <list>", "two versions with a comma (default: the live version and the candidate)")
    .option(
      "--from <time>",
      "uploads since: 2h, 7d, or an ISO timestamp (default: start of the shift, or 7d)",
    )
    .option("--to <time>", "uploads until (default: now)"),
  ["npx sluice traffic report cats", "npx sluice traffic report cats --versions 0a1b2c,4d5e6f --from 1d"],
).action(async (model: string, { versions, from, to, ...options }: ReportOptions) => {
  const { api } = connectTarget(options);
  const instantOf = (text?: string) =>
    text === undefined ? undefined : new Date(parseSince(text)).toISOString();
  const query = { versions, from: instantOf(from), to: instantOf(to) };
  const report = await readBody(api.traffic[":model"].report.$get({ param: { model }, query }));
  if (options.json) return printJson(report);
  const { items } = await readBody(api.deployments.$get({ query: { model, limit: "10" } }));
  const deployment = items.find(({ version }) => version === report.candidate?.version);
  printReport(report, deployment?.comparisons ?? []);
});
