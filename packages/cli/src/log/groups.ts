// Log groups of the functions and endpoints of a target.
import {
  type CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { models } from "@sluice/models/index.ts";
import { endpointNames } from "@sluice/models/names.ts";
import type { Target } from "../target/target.ts";

export async function findLogGroups(
  client: CloudWatchLogsClient,
  name: string | undefined,
  { app, stage }: Pick<Target, "app" | "stage">,
): Promise<string[]> {
  const endpoints = new Set(models.flatMap((model) => endpointNames({ app, stage }, model.name)));
  // A logical name starts in upper case: "sluice-prod-eu-DeployFunction" is not of the stage "prod".
  const deployed = new RegExp(`^${app}-${stage}-[A-Z][A-Za-z0-9]*(-[a-z]{8})?$`);
  const isOwn = (short: string) => deployed.test(short) || endpoints.has(short);
  const found: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client }, {}))
    found.push(...(page.logGroups ?? []).map((group) => group.logGroupName ?? ""));
  return found.filter(
    (group) => isOwn(group.split("/").at(-1)!) && (!name || group.toLowerCase().includes(name.toLowerCase())),
  );
}

export interface LogLine {
  id: string;
  at: number;
  group: string;
  message: string;
}

export async function readLogGroup(
  client: CloudWatchLogsClient,
  group: string,
  startTime: number,
  filterPattern: string | undefined,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const request = { logGroupName: group, startTime, filterPattern };
  for await (const page of paginateFilterLogEvents({ client }, request))
    for (const { eventId = "", timestamp = 0, message = "" } of page.events ?? [])
      lines.push({ id: eventId, at: timestamp, group, message });
  return lines;
}
