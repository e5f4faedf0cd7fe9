// What IAM must allow: the action on each table or index that a request touches.
import type { Access, CloudContext } from "../../kernel/service.ts";
import { tableArn } from "./database.ts";
import { tableName } from "./storage/tables.ts";

const accountWide = new Set(["ListTables", "DescribeLimits", "DescribeEndpoints"]);
/** A transaction needs only the permissions of its parts. */
const transactional: Record<string, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

export function accessOf(cloud: CloudContext, operation: string, input: any): Access[] {
  const on = (action: string, name: unknown, index?: unknown): Access => ({
    action: `dynamodb:${action}`,
    resource:
      typeof name === "string"
        ? tableArn(cloud, tableName(name)) + (index === undefined ? "" : `/index/${index}`)
        : "*",
  });
  if (accountWide.has(operation)) return [{ action: `dynamodb:${operation}`, resource: "*" }];
  if (operation === "Query" || operation === "Scan") return [on(operation, input.TableName, input.IndexName)];
  if (operation.startsWith("Batch")) {
    return Object.keys(input.RequestItems ?? {}).map((name) => on(operation, name));
  }
  if (operation.startsWith("Transact")) {
    const parts = (input.TransactItems ?? []).flatMap((part: object) => Object.entries(part));
    return parts
      .filter(([kind, request]: [string, unknown]) => request && transactional[kind])
      .map(([kind, request]: [string, any]) => on(transactional[kind]!, request.TableName));
  }
  return [on(operation, input.TableName ?? input.ResourceArn)];
}
