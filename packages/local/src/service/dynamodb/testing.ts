// A kernel with one table, for this service's tests.
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { dynamodb } from "./plugin.ts";

export const text = (value: string) => ({ S: value });
export const number = (value: number | string) => ({ N: String(value) });

/** `things`: key pk (S) and sk (N); global index `byKind` on kind and sk; local index `byTitle` with only `size`. */
export const things = {
  TableName: "things",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "N" },
    { AttributeName: "kind", AttributeType: "S" },
    { AttributeName: "title", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byKind",
      KeySchema: [
        { AttributeName: "kind", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
    {
      IndexName: "kindKeys",
      KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "byTitle",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "title", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["size"] },
    },
  ],
};

export interface TestTable {
  kernel: TestKernel;
  /** An operation on `things`, unless the input names another table. */
  run<Output = any>(operation: string, input?: object): Promise<Output>;
}

export async function testTable(): Promise<TestTable> {
  const kernel = await testKernel({ plugins: [dynamodb] });
  await kernel.call("dynamodb", "CreateTable", things);
  return {
    kernel,
    run: (operation, input = {}) =>
      kernel.call("dynamodb", operation, { TableName: things.TableName, ...input }),
  };
}
