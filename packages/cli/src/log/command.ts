import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Command } from "commander";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import type { Target } from "../target/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { untilInterrupted } from "../terminal/interrupt.ts";
import { findLogGroups, readLogGroup } from "./groups.ts";
import { paint, sanitize, print } from "../terminal/output.ts";
import { sdkConfig } from "../target/sdk.ts";
import { parseSince } from "./since.ts";

const POLL_MS = 1_000;

interface LogOptions extends CommonOptions {
  follow?: boolean;
  since: string;
  filter?: string;
}

export const logs = withCommonOptions(
  new Command("logs")
    .description("Print the logs of functions and endpoints")
    .argument("[name]", "part of a function or endpoint name (default: all)")
    .option("-f, --follow", "print new lines until Ctrl-C")
    .option("--since <timestamp>", "start: an ISO 8601 timestamp, or 30s, 10m, 2h or 1d ago", "10m")
    .option("--filter <pattern>", "CloudWatch filter pattern"),
  [
    "npx sluice logs",
    "npx sluice logs VehiclesInfer --follow",
    `npx sluice logs --since 1h --filter '{ $.level = "ERROR" }'`,
  ],
).action(async (name: string | undefined, options: LogOptions) => {
  const { target } = connectTarget(options);
  const client = new CloudWatchLogsClient(sdkConfig(target));
  await untilInterrupted((signal) => printLogs(options, { client, name, target, signal }));
});

interface LogSource {
  client: CloudWatchLogsClient;
  name: string | undefined;
  target: Target;
  signal: AbortSignal;
}

async function printLogs(options: LogOptions, { client, name, target, signal }: LogSource) {
  let from = parseSince(options.since);
  const seen = new Set<string>();

  const groups = await findLogGroups(client, name, target);
  if (groups.length === 0)
    throw new Failure(
      "LOGS_MISSING",
      name ? `No log group name contains "${name}".` : "There are no logs yet.",
      { exit: EXIT.missing, hint: "A log group is created by the first call of a function." },
    );
  while (!signal.aborted) {
    const lines = (
      await Promise.all(groups.map((group) => readLogGroup(client, group, from, options.filter)))
    )
      .flat()
      .toSorted((a, b) => a.at - b.at);
    for (const { id, at, group, message } of lines) {
      if (seen.has(id)) continue;
      seen.add(id);
      from = Math.max(from, at);
      const text = message.trimEnd();
      const shown = text.split("\n").map(sanitize).join("\n");
      print(
        options.json
          ? JSON.stringify({ time: new Date(at).toISOString(), group, message: text })
          : `${paint("dim", new Date(at).toISOString().slice(11, 23))} ${paint("cyan", group.split("/").at(-1)!)} ${shown}`,
      );
    }
    if (!options.follow) return;
    await wait(POLL_MS, undefined, { signal: signal }).catch(() => {});
  }
}
