import { Command, InvalidArgumentError } from "commander";
import type { Request } from "@sluice/core/deployment/request.ts";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { follow } from "../deployment/follow.ts";
import { note, paint, printJson, say } from "../output.ts";

export const traffic = new Command("traffic").description(
  "Which version answers which share of the predictions",
);

const percent = (text: string) => {
  const value = Number(text.replace(/%$/, ""));
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new InvalidArgumentError("It must be a whole number of percent, 1 to 100.");
};
const percents = (text: string) => text.split(",").map((one) => percent(one.trim()));

/** "10m", "90s", "2h": as the API spells it. */
function duration(text: string): Request["every"] {
  const [, amount, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  const units = { s: "seconds", m: "minutes", h: "hours", d: "days" } as const;
  if (amount && Number(amount) > 0) return `${Number(amount)} ${units[unit as keyof typeof units]}`;
  throw new InvalidArgumentError('It must be a time such as "90s", "10m" or "2h".');
}

common(traffic.command("show <model>").description("What answers now"), ["sluice traffic show cats"]).action(
  async (model: string, options: CommonOptions) => {
    const found = await body(open(options).api.traffic[":model"].$get({ param: { model } }));
    if (options.json) return printJson(found);
    const { version, candidate, opening, answers = 0, failures = 0 } = found;
    if (opening) return say(`The first endpoint of ${model} is being made; predictions wait.`);
    if (!version) return say(`No version of ${model} is live: sluice provision ${model}`);
    say(`${paint("bold", version)}  ${100 - (candidate?.share ?? 0)} %`);
    if (candidate)
      say(
        `${paint("bold", candidate.version)}  ${candidate.share} %  since ${candidate.since}: ${answers} answers, ${failures} failed`,
      );
  },
);

interface SplitOptions extends CommonOptions {
  version: string;
  maxErrors: number;
}

const split = (command: Command) =>
  command
    .requiredOption("--version <version>", "the one that gets the share")
    .option("--max-errors <percent>", "give up when more of its answers fail", percent, 5);

async function begin(model: string, options: SplitOptions, shares: number[], every?: Request["every"]) {
  const { version, maxErrors } = options;
  const { api } = open(options);
  const answer = await body(
    api.deployments.$post({ json: { model, version, shares, every, maxErrorRate: maxErrors / 100 } }),
  );
  const { deployment } = answer;
  const done = deployment && (await follow(api, deployment, { quiet: options.json, untilShared: true }));
  if (options.json) return printJson({ ...answer, deployment: done });
  if (answer.action === "unchanged")
    return say(`Version ${answer.version} is live already; nothing was changed.`);
  if (done?.status === "live")
    return say(`${paint("green", "✓")} version ${answer.version} answers everything`);
  const { nextAt } = done?.shift ?? {};
  say(`${paint("green", "✓")} version ${answer.version} answers ${shares[0]} % of ${model}'s predictions`);
  if (shares.length > 1)
    note(`  next ${shares[1]} % at ${nextAt}; stop it with: sluice traffic abort ${model}`);
}

common(
  split(
    traffic
      .command("set <model>")
      .description("Give a version a share of the predictions beside the live one, until told otherwise")
      .requiredOption("--share <percent>", "1 to 100; 100 makes it live", percent),
  ),
  ["sluice traffic set cats --version 0a1b2c --share 10"],
).action((model: string, options: SplitOptions & { share: number }) =>
  begin(model, options, [options.share]),
);

common(
  split(
    traffic
      .command("shift <model>")
      .description("Move the predictions to a version share by share; its failures stop it")
      .option("--steps <list>", "shares in percent, rising", percents, [10, 50, 100])
      .option("--every <time>", "how long each is held: 90s, 10m, 2h", duration, "10 minutes"),
  ),
  ["sluice traffic shift cats --version 0a1b2c --steps 10,50,100 --every 10m"],
).action((model: string, options: SplitOptions & { steps: number[]; every: Request["every"] }) =>
  begin(model, options, options.steps, options.every),
);

common(
  traffic.command("abort <model>").description("Back to the live version alone; the candidate is deleted"),
  ["sluice traffic abort cats"],
).action(async (model: string, options: CommonOptions) => {
  const done = await body(open(options).api.traffic[":model"].candidate.$delete({ param: { model } }));
  if (options.json) return printJson(done);
  say(`Version ${done.version} was given up; ${done.previous?.version ?? "nothing"} answers everything.`);
});
