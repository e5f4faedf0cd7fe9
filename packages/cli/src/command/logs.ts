import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Command } from "commander";
import { common, type CommonOptions, open } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { groupsOf, readGroup } from "../log-groups.ts";
import { paint, plain, say } from "../output.ts";
import { sdkConfig } from "../sdk.ts";
import { sinceMs } from "../since.ts";

const POLL_MS = 1_000;

interface LogOptions extends CommonOptions {
  follow?: boolean;
  since: string;
  filter?: string;
}

export const logs = common(
  new Command("logs")
    .description("What functions and endpoints print")
    .argument("[name]", "part of a function's or endpoint's name; all without it")
    .option("-f, --follow", "go on until Ctrl-C")
    .option("--since <time>", "how far back: 30s, 10m, 2h, 1d, or an ISO instant", "10m")
    .option("--filter <pattern>", "a CloudWatch filter pattern"),
  [
    "sluice logs",
    "sluice logs VehiclesInfer --follow",
    `sluice logs --since 1h --filter '{ $.level = "ERROR" }'`,
  ],
).action(async (name: string | undefined, options: LogOptions) => {
  const { target } = open(options);
  const client = new CloudWatchLogsClient(sdkConfig(target));
  const over = new AbortController();
  process.once("SIGINT", () => over.abort());
  let from = sinceMs(options.since);
  const seen = new Set<string>();

  const groups = await groupsOf(client, name, target);
  if (groups.length === 0)
    throw new Failure(
      "LOGS_MISSING",
      name ? `No log group's name holds "${name}".` : "There are no logs yet.",
      { exit: EXIT.missing, hint: "A function's log begins with its first call." },
    );
  while (!over.signal.aborted) {
    const lines = (await Promise.all(groups.map((group) => readGroup(client, group, from, options.filter))))
      .flat()
      .toSorted((a, b) => a.at - b.at);
    for (const { id, at, group, message } of lines) {
      if (seen.has(id)) continue;
      seen.add(id);
      from = Math.max(from, at);
      const text = message.trimEnd();
      const shown = text.split("\n").map(plain).join("\n");
      say(
        options.json
          ? JSON.stringify({ time: new Date(at).toISOString(), group, message: text })
          : `${paint("dim", new Date(at).toISOString().slice(11, 23))} ${paint("cyan", group.split("/").at(-1)!)} ${shown}`,
      );
    }
    if (!options.follow) return;
    await wait(POLL_MS, undefined, { signal: over.signal }).catch(() => {});
  }
});
