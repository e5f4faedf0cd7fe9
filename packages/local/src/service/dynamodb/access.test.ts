import { expect, test } from "vitest";
import { TEST_CONTEXT } from "../../kernel/testing.ts";
import { accessOf } from "./access.ts";

const table = "arn:aws:dynamodb:us-east-1:000000000000:table/things";
const access = (operation: string, input: object) =>
  accessOf(TEST_CONTEXT, operation, input).map(({ action, resource }) => `${action} ${resource}`);

test.each<[string, object, string[]]>([
  ["PutItem", { TableName: "things" }, [`dynamodb:PutItem ${table}`]],
  ["GetItem", { TableName: table }, [`dynamodb:GetItem ${table}`]],
  ["Query", { TableName: "things", IndexName: "gsi1" }, [`dynamodb:Query ${table}/index/gsi1`]],
  ["Scan", { TableName: "things" }, [`dynamodb:Scan ${table}`]],
  ["ListTables", {}, ["dynamodb:ListTables *"]],
  ["TagResource", { ResourceArn: table }, [`dynamodb:TagResource ${table}`]],
  ["BatchWriteItem", { RequestItems: { things: [] } }, [`dynamodb:BatchWriteItem ${table}`]],
  [
    "TransactWriteItems",
    { TransactItems: [{ Put: { TableName: "things" } }, { ConditionCheck: { TableName: "things" } }] },
    [`dynamodb:PutItem ${table}`, `dynamodb:ConditionCheckItem ${table}`],
  ],
  ["TransactGetItems", { TransactItems: [{ Get: { TableName: "things" } }] }, [`dynamodb:GetItem ${table}`]],
])("%s requires the same permissions as on AWS", (operation, input, expected) => {
  expect(access(operation, input)).toEqual(expected);
});
