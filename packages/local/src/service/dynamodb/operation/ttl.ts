// DescribeTimeToLive and UpdateTimeToLive.
import type { DescribeTimeToLiveCommandInput, UpdateTimeToLiveCommandInput } from "@aws-sdk/client-dynamodb";
import type { Database } from "../database.ts";
import { invalid } from "../error.ts";
import { checkMembers, required } from "./input.ts";
import { requireTable } from "./table.ts";

export function describeTimeToLive(database: Database, input: DescribeTimeToLiveCommandInput) {
  checkMembers("DescribeTimeToLive", input, ["TableName"]);
  const { ttl } = requireTable(database, input.TableName);
  return {
    TimeToLiveDescription:
      ttl === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: ttl },
  };
}

export function updateTimeToLive(database: Database, input: UpdateTimeToLiveCommandInput) {
  checkMembers("UpdateTimeToLive", input, ["TableName", "TimeToLiveSpecification"]);
  const specification = required(input.TimeToLiveSpecification, "TimeToLiveSpecification");
  const name = required(specification.AttributeName, "AttributeName");
  database.store.tx(() => {
    const table = requireTable(database, input.TableName);
    if (specification.Enabled && table.ttl === name) throw invalid("TimeToLive is already enabled");
    if (!specification.Enabled && table.ttl === undefined) throw invalid("TimeToLive is already disabled");
    if (table.ttl !== undefined && table.ttl !== name) {
      throw invalid(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttl}`,
      );
    }
    setTimeToLive(database, table.name, specification.Enabled ? name : undefined);
  });
  return { TimeToLiveSpecification: specification };
}

export function setTimeToLive(database: Database, tableName: string, ttl: string | undefined) {
  database.items.refreshExpiry(database.tables.change(database.tables.get(tableName), { ttl }));
  database.store.afterCommit(() => database.rescheduleExpiry());
}
