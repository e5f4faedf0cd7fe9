// Tags, backups, limits and endpoints.
import type {
  DescribeContinuousBackupsCommandInput,
  ListTagsOfResourceCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Database } from "../database.ts";
import { invalidValues } from "../error.ts";
import { MAX_TAGS } from "../limits.ts";
import { checkMembers, required } from "./input.ts";
import { requireTable } from "./table.ts";

export function tagResource(database: Database, input: TagResourceCommandInput) {
  checkMembers("TagResource", input, ["ResourceArn", "Tags"]);
  database.store.tx(() => {
    const table = requireTable(database, required(input.ResourceArn, "ResourceArn"));
    const added = Object.fromEntries(required(input.Tags, "Tags").map(({ Key, Value }) => [Key!, Value!]));
    const tags = { ...table.tags, ...added };
    if (Object.keys(tags).length > MAX_TAGS) throw invalidValues(`Too many tags: at most ${MAX_TAGS}`);
    database.tables.change(table, { tags });
  });
  return {};
}

export function untagResource(database: Database, input: UntagResourceCommandInput) {
  checkMembers("UntagResource", input, ["ResourceArn", "TagKeys"]);
  database.store.tx(() => {
    const table = requireTable(database, required(input.ResourceArn, "ResourceArn"));
    const removed = required(input.TagKeys, "TagKeys");
    const remaining = Object.entries(table.tags).filter(([key]) => !removed.includes(key));
    database.tables.change(table, { tags: Object.fromEntries(remaining) });
  });
  return {};
}

export function listTagsOfResource(database: Database, input: ListTagsOfResourceCommandInput) {
  checkMembers("ListTagsOfResource", input, ["ResourceArn", "NextToken"]);
  const { tags } = requireTable(database, required(input.ResourceArn, "ResourceArn"));
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

export function describeContinuousBackups(database: Database, input: DescribeContinuousBackupsCommandInput) {
  checkMembers("DescribeContinuousBackups", input, ["TableName"]);
  const { pointInTimeRecovery } = requireTable(database, input.TableName);
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: pointInTimeRecovery ? "ENABLED" : "DISABLED",
      },
    },
  };
}

/** The quotas of a fresh account. */
export function describeLimits() {
  return {
    AccountMaxReadCapacityUnits: 80_000,
    AccountMaxWriteCapacityUnits: 80_000,
    TableMaxReadCapacityUnits: 40_000,
    TableMaxWriteCapacityUnits: 40_000,
  };
}

export function describeEndpoints({ cloud }: Database) {
  return { Endpoints: [{ Address: new URL(cloud.endpoint).host, CachePeriodInMinutes: 1440 }] };
}
