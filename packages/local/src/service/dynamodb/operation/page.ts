// One page of a query or scan.
import type { QueryCommandInput, ScanCommandInput } from "@aws-sdk/client-dynamodb";
import { consumed, readUnits } from "../capacity.ts";
import type { Database } from "../database.ts";
import { invalid, invalidValues } from "../error.ts";
import type { Condition, Path } from "../expression/ast.ts";
import { evaluateCondition } from "../expression/condition.ts";
import { projector } from "../expression/projection.ts";
import { MAX_PAGE_BYTES } from "../limits.ts";
import { keyOf, pick } from "../storage/key.ts";
import { projectedNames, readEntries, type Position, type EntryRange } from "../storage/entries.ts";
import { entryKeyNames, keyAttributes, type Index, type Table } from "../storage/table.ts";
import { attribute, readItem, typeOf, type Item } from "../value/value.ts";
import { isWithin, type RangeBounds } from "./bounds.ts";
import { oneOf, reports } from "./input.ts";

type Paged = QueryCommandInput | ScanCommandInput;

interface Target {
  table: Table;
  index: Index | undefined;
}

const selects = ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"] as const;

/** The table or index to read, checked against Select and ProjectionExpression. */
export function selectTarget(database: Database, input: Paged, projection: Path[] | undefined): Target {
  const select = oneOf(input.Select, "Select", selects);
  if (projection && select && select !== "SPECIFIC_ATTRIBUTES") {
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  if (!projection && select === "SPECIFIC_ATTRIBUTES") {
    throw invalid("Must specify the ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && input.IndexName === undefined) {
    throw invalidValues("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  const table = database.tables.get(input.TableName!);
  if (input.IndexName === undefined) return { table, index: undefined };
  const index = table.indexes.find(({ name }) => name === input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (index.kind === "global") checkGlobal(table, index, input, projection);
  return { table, index };
}

function checkGlobal(table: Table, index: Index, input: Paged, projection: Path[] | undefined) {
  if (input.ConsistentRead) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  const names = projectedNames(table, index);
  if (!names) return;
  if (input.Select === "ALL_ATTRIBUTES") {
    throw invalidValues(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const missing = projection?.map(([name]) => name).filter((name) => !names.includes(name)) ?? [];
  if (missing.length > 0) {
    throw invalidValues(`Global secondary index ${index.name} does not project [${missing.join(", ")}]`);
  }
}

/** The position of ExclusiveStartKey. `within`: the partition and range of a query. */
export function pagePosition(
  { table, index }: Target,
  input: Record<string, unknown> | undefined,
  within?: RangeBounds & { hash: Buffer },
): Position | undefined {
  if (!input) return undefined;
  const start = readItem(input);
  const names = entryKeyNames(table, index);
  const schemas = index ? [index.key, table.key] : [table.key];
  const fits = schemas.flatMap(keyAttributes).every(({ name, type }) => {
    const value = attribute(start, name);
    return value && typeOf(value) === type;
  });
  if (!fits || Object.keys(start).length !== names.length) {
    throw invalid("The provided starting key is invalid: The provided key element does not match the schema");
  }
  const keys = schemas.map((schema) => keyOf(schema, start)!);
  const { hash, range } = keys[0]!;
  if (within && !hash.equals(within.hash)) {
    throw invalid("The provided starting key is outside query boundaries based on provided conditions");
  }
  if (within && !isWithin(range, within)) {
    throw invalid("The provided starting key does not match the range key predicate");
  }
  return keys.flatMap((key) => [key.hash, key.range]);
}

interface Expressions {
  filter: Condition | undefined;
  projection: Path[] | undefined;
}

export function readPage(database: Database, input: Paged, range: EntryRange, expressions: Expressions) {
  const { table, index } = range;
  const visible = visibleParts(input, range, expressions.projection);
  const project = expressions.projection ? projector(expressions.projection) : (item: Item) => item;
  const counting = input.Select === "COUNT";
  const items: Item[] = [];
  let [count, scanned, bytes] = [0, 0, 0];
  let previous: Item | undefined;
  let last: Item | undefined;
  for (const entry of readEntries(database.store, range, input.Limit)) {
    if (bytes + entry.size > MAX_PAGE_BYTES && previous) {
      last = previous;
      break;
    }
    scanned++;
    bytes += entry.size;
    previous = entry.item;
    const item = visible(entry.item);
    if (!expressions.filter || evaluateCondition(expressions.filter, item)) {
      count++;
      if (!counting) items.push(project(item));
    }
    if (scanned === input.Limit) {
      last = entry.item;
      break;
    }
  }
  return {
    Items: counting ? undefined : items,
    Count: count,
    ScannedCount: scanned,
    LastEvaluatedKey: last && pick(last, entryKeyNames(table, index)),
    ConsumedCapacity: consumed(
      oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports),
      table,
      () => {
        const units = readUnits(bytes, input.ConsistentRead);
        return index ? { table: 0, indexes: { [index.name]: units } } : { table: units, indexes: {} };
      },
    ),
  };
}

/** An index returns its projected attributes. A local index can fetch the others from the table. */
function visibleParts(input: Paged, { table, index }: EntryRange, projection: Path[] | undefined) {
  const names = index && projectedNames(table, index);
  const fetches = index?.kind === "local" && (projection !== undefined || input.Select === "ALL_ATTRIBUTES");
  return names && !fetches ? (item: Item) => pick(item, names) : (item: Item) => item;
}
