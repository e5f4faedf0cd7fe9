// The stored table definitions, with a cache.
import type { Store } from "../../../kernel/store.ts";
import { noSuchResource } from "../error.ts";
import type { Definition, Table } from "./table.ts";

export type Tables = ReturnType<typeof openTables>;

interface TableRow {
  id: number;
  created: number;
  definition: string;
}

export function openTables(store: Store) {
  const known = new Map<string, Table>();
  const table = ({ id, created, definition }: TableRow): Table => ({
    ...JSON.parse(definition),
    id,
    created,
  });
  // Cache a definition only after the commit: an open transaction may still roll back.
  const remember = (table: Table) => {
    known.delete(table.name);
    store.afterCommit(() => known.set(table.name, table));
    return table;
  };

  return {
    find(name: string): Table | undefined {
      const remembered = known.get(name);
      if (remembered) return remembered;
      const row = store.get<TableRow>`select * from dynamodb_table where name = ${name}`;
      return row && remember(table(row));
    },
    /** The table a request names, by name or by ARN. */
    get(nameOrArn: string): Table {
      const found = this.find(tableName(nameOrArn));
      if (!found) throw noSuchResource();
      return found;
    },
    create(definition: Definition, created: number) {
      const { lastInsertRowid } = store.run`insert into dynamodb_table (name, created, definition)
        values (${definition.name}, ${created}, ${JSON.stringify(definition)})`;
      return remember({ ...definition, id: lastInsertRowid, created });
    },
    change({ id, created, ...before }: Table, changes: Partial<Definition>) {
      const definition = { ...before, ...changes };
      store.run`update dynamodb_table set definition = ${JSON.stringify(definition)} where id = ${id}`;
      return remember({ ...definition, id, created });
    },
    remove({ id, name }: Table) {
      store.run`delete from dynamodb_table where id = ${id}`;
      known.delete(name);
      store.afterCommit(() => known.delete(name));
    },
    /** Names in order, after `after`. */
    names: (after: string, limit: number) =>
      store.all<{ name: string }>`select name from dynamodb_table where name > ${after}
          order by name limit ${limit}`.map((row) => row.name),
    all: () => store.all<TableRow>("select * from dynamodb_table order by id").map(table),
  };
}

export const tableName = (nameOrArn: string) => nameOrArn.replace(/^arn:[^/]*:table\/([^/]+)$/, "$1");
