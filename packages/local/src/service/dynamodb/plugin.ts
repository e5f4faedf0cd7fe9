import { nameOf } from "../../kernel/names.ts";
import type { Kernel, Plugin } from "../../kernel/service.ts";
import { tableArn } from "./database.ts";
import { ensureTable } from "./graph.ts";
import { openDatabase, createService } from "./server.ts";

const TABLE = "aws:dynamodb/table:Table";

export const dynamodb: Plugin = {
  name: "dynamodb",
  resources: {
    [TABLE]: (resource, cloud) => {
      const name = nameOf(resource);
      return { id: name, name, arn: tableArn(cloud, name) };
    },
  },
  start(kernel: Kernel) {
    const opened = openDatabase(kernel);
    for (const resource of kernel.graph.all(TABLE)) ensureTable(opened.database, resource);
    return createService(kernel, opened);
  },
};
