// Query and Scan: one page of a table or of an index.
import type { QueryCommandInput, ScanCommandInput } from "@aws-sdk/client-dynamodb";
import type { Database } from "../database.ts";
import { invalid } from "../error.ts";
import { parseCondition } from "../expression/parser.ts";
import { bindKeyCondition, parseKeyCondition } from "../expression/key-condition.ts";
import { readPlaceholders } from "../expression/placeholders.ts";
import { parseProjection } from "../expression/projection.ts";
import type { Condition, Path } from "../expression/ast.ts";
import { MAX_SEGMENTS } from "../limits.ts";
import { encodeHash } from "../storage/key.ts";
import { isKey } from "../storage/table.ts";
import { rangeBounds, segmentBounds } from "./bounds.ts";
import { checkMembers, oneOf, reports, required, checkRange } from "./input.ts";
import { pagePosition, readPage, selectTarget } from "./page.ts";

const shared = [
  "TableName",
  "IndexName",
  "Select",
  "Limit",
  "ConsistentRead",
  "ExclusiveStartKey",
  "ProjectionExpression",
  "FilterExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnConsumedCapacity",
];

export function query(database: Database, input: QueryCommandInput) {
  checkMembers("Query", input, [...shared, "KeyConditionExpression", "ScanIndexForward"]);
  checkCommon(input);
  if (input.KeyConditionExpression === undefined) {
    throw invalid(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    );
  }
  const placeholders = readPlaceholders(input, {
    KeyConditionExpression: input.KeyConditionExpression,
    FilterExpression: input.FilterExpression,
    ProjectionExpression: input.ProjectionExpression,
  });
  const parts = parseKeyCondition(input.KeyConditionExpression, placeholders);
  const expressions = readFilterAndProjection(input, placeholders);
  const target = selectTarget(database, input, expressions.projection);
  const schema = target.index?.key ?? target.table.key;
  const keys = bindKeyCondition(parts, schema);
  if (expressions.filter) checkNoKeys(expressions.filter, (name) => isKey(schema, name));
  const hash = encodeHash(keys.hash);
  const bounds = keys.range ? rangeBounds(keys.range) : {};
  const after = pagePosition(target, input.ExclusiveStartKey, { hash, ...bounds });
  const range = { ...target, hash, ...bounds, after, backward: input.ScanIndexForward === false };
  return readPage(database, input, range, expressions);
}

export function scan(database: Database, input: ScanCommandInput) {
  checkMembers("Scan", input, [...shared, "Segment", "TotalSegments"]);
  checkCommon(input);
  const segment = readSegment(input);
  const placeholders = readPlaceholders(input, {
    FilterExpression: input.FilterExpression,
    ProjectionExpression: input.ProjectionExpression,
  });
  const expressions = readFilterAndProjection(input, placeholders);
  const target = selectTarget(database, input, expressions.projection);
  const after = pagePosition(target, input.ExclusiveStartKey);
  return readPage(database, input, { ...target, ...segment, after }, expressions);
}

type Paged = QueryCommandInput | ScanCommandInput;

function checkCommon(input: Paged) {
  required(input.TableName, "TableName");
  checkRange(input.Limit, "Limit", 1);
  oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
}

function readFilterAndProjection(input: Paged, placeholders: ReturnType<typeof readPlaceholders>) {
  const { FilterExpression, ProjectionExpression } = input;
  const filter: Condition | undefined =
    FilterExpression === undefined
      ? undefined
      : parseCondition("FilterExpression", FilterExpression, placeholders);
  const projection: Path[] | undefined =
    ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression, placeholders);
  placeholders.allUsed();
  return { filter, projection };
}

function readSegment({ Segment, TotalSegments }: ScanCommandInput) {
  checkRange(Segment, "Segment", 0, MAX_SEGMENTS - 1);
  checkRange(TotalSegments, "TotalSegments", 1, MAX_SEGMENTS);
  if (Segment === undefined && TotalSegments === undefined) return {};
  if (TotalSegments === undefined) {
    throw invalid(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (Segment === undefined) {
    throw invalid(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (Segment >= TotalSegments) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
  return segmentBounds(Segment, TotalSegments);
}

/** AWS rejects key attributes in a filter. */
function checkNoKeys(filter: Condition, isKey: (name: string) => boolean) {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    const { kind, path, value: _, ...rest } = node as { kind?: string; path?: Path; value?: unknown };
    if (kind === "path" && path && isKey(path[0])) {
      throw invalid(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${path[0]}`,
      );
    }
    if (kind !== "value" && kind !== "path") visit(Object.values(rest));
  };
  visit(filter);
}
