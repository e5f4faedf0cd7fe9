import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { findLogGroups, readLogGroup } from "../log/groups.ts";
import { type CheckResult, ok, type CheckContext, warn } from "./check.ts";

const HOUR_MS = 3_600_000;
const PATTERN = '{ $.level = "ERROR" }';

export async function checkRecentErrors({ sdk, target }: CheckContext): Promise<CheckResult[]> {
  const client = new CloudWatchLogsClient(sdk);
  const groups = await findLogGroups(client, undefined, target);
  const found = await Promise.all(
    groups.map(async (group): Promise<CheckResult[]> => {
      const lines = await readLogGroup(client, group, Date.now() - HOUR_MS, PATTERN);
      const last = lines.at(-1);
      if (!last) return [];
      const { message } = JSON.parse(last.message) as { message?: string };
      const name = group.split("/").at(-1)!;
      return [
        warn(
          `${name} logged ${lines.length} errors in the last hour, the last one: ${shorten(message ?? last.message)}`,
          `Read them: npx sluice logs ${name} --since 1h --filter '${PATTERN}'`,
        ),
      ];
    }),
  );
  return found.flat().length > 0 ? found.flat() : [ok("no errors logged in the last hour")];
}

/** A message may be a whole document. */
const shorten = (text: string) => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 160 ? `${line.slice(0, 160)}...` : line;
};
