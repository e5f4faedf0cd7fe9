import { production } from "./stage.ts";

// SST tables have point-in-time recovery. All entities share the key attributes.
export const table = new sst.aws.Dynamo("Records", {
  fields: {
    pk: "string",
    sk: "string",
    gsi1pk: "string",
    gsi1sk: "string",
    gsi2pk: "string",
    gsi2sk: "string",
    gsi3pk: "string",
    gsi3sk: "string",
    gsi4pk: "string",
    gsi4sk: "string",
  },
  primaryIndex: { hashKey: "pk", rangeKey: "sk" },
  globalIndexes: {
    gsi1: { hashKey: "gsi1pk", rangeKey: "gsi1sk" },
    gsi2: { hashKey: "gsi2pk", rangeKey: "gsi2sk" },
    gsi3: { hashKey: "gsi3pk", rangeKey: "gsi3sk" },
    gsi4: { hashKey: "gsi4pk", rangeKey: "gsi4sk" },
  },
  ttl: "expires",
  deletionProtection: production,
  transform: { table: { serverSideEncryption: { enabled: true } } },
});

export const tableLink = new sst.Linkable("Table", { properties: { name: table.name } });
