// Expressions of any text are parsed, or rejected as DynamoDB rejects them.
import fc from "fast-check";
import { test } from "vitest";
import { neverBreaks, textOf } from "../../../../../../test/support/fuzz.ts";
import { AwsError } from "../../../kernel/error.ts";
import { parseKeyCondition } from "./key-condition.ts";
import { parseCondition } from "./parser.ts";
import { readPlaceholders } from "./placeholders.ts";
import { parseProjection, projector } from "./projection.ts";
import { parseUpdate } from "./update-parser.ts";

const placeholders = () =>
  readPlaceholders(
    {
      ExpressionAttributeNames: { "#a": "a", "#p": "__proto__", "#c": "constructor" },
      ExpressionAttributeValues: { ":n": { N: "1" }, ":s": { S: "x" }, ":l": { L: [] }, ":t": { SS: ["a"] } },
    },
    { Any: "x" },
  );
const item = { a: { M: { b: { S: "x" } } }, l: { L: [{ N: "1" }] } };
const parsers = {
  ConditionExpression: (text: string) => parseCondition("ConditionExpression", text, placeholders()),
  KeyConditionExpression: (text: string) => parseKeyCondition(text, placeholders()),
  UpdateExpression: (text: string) => parseUpdate(text, placeholders()),
  ProjectionExpression: (text: string) => projector(parseProjection(text, placeholders()))(item),
};
const isValidation = (error: unknown) => error instanceof AwsError && error.code === "ValidationException";
const words = [
  "a",
  "b",
  "#a",
  "#p",
  "#c",
  ":n",
  ":s",
  ":l",
  ":t",
  "size",
  "contains",
  "begins_with",
  "attribute_type",
];
const grammar = [
  " ",
  " ",
  "(",
  ")",
  ",",
  ".",
  "[0]",
  "[",
  "]",
  "=",
  "<>",
  "<",
  "+",
  "-",
  " AND ",
  " OR ",
  " NOT ",
  " IN ",
  " BETWEEN ",
];
const sections = ["SET ", "REMOVE ", "ADD ", "DELETE ", "if_not_exists(", "list_append("];

test.each(Object.entries(parsers))("%s", async (_, parse) => {
  await neverBreaks(textOf(...words, ...grammar, ...sections), parse, isValidation, 500);
});

test.each([
  ["parentheses", "(".repeat(4_000)],
  ["closed parentheses", `${"(".repeat(2_000)}a${")".repeat(2_000)}`],
  ["NOT", "NOT ".repeat(1_000)],
  ["calls", "size(".repeat(800)],
  ["members", `a${".a".repeat(2_000)}`],
  ["operators", `a = :n${" AND a = :n".repeat(370)}`],
])("many %s in a row", async (_, text) => {
  for (const [name, parse] of Object.entries(parsers)) {
    const one = name === "UpdateExpression" ? `SET a = ${text}`.slice(0, 4_096) : text;
    await neverBreaks(fc.constant(one), parse, isValidation, 1);
  }
});
