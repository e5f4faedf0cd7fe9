// The stored table definitions, with a cache.
import type { Store } from "../../../kernel/store.ts";
import { noSuchResource } from "../error.ts";
import type { Definition, Table } from "./table.ts";

export interface Tables {
  find(name: string): Table | undefined;
  /** The table a request names, by name or by ARN. */
  get(nameOrArn: string): Table;
  create(definition: Definition, created: number): Table;
  change(table: Table, definition: Partial<Definition>): Table;
  remove(table: Table): void;
  /** Names in order, after `after`. */
  names(after: string, limit: number): string[];
  all(): Table[];
}

interface TableRow {
  id: number;
  created: number;
  definition: string;
}

export function openTables(store: Store): Tables {
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
    find(name) {
      const remembered = known.get(name);
      if (remembered) return remembered;
      const row = store.get<TableRow>`select * from dynamodb_table where name = ${name}`;
      return row && remember(table(row));
    },
    get(nameOrArn) {
      const found = this.find(tableName(nameOrArn));
      if (!found) throw noSuchResource();
      return found;
    },
    create(definition, created) {
      const { lastInsertRowid } = store.run`insert into dynamodb_table (name, created, definition)
        values (${definition.name}, ${created}, ${JSON.stringify(definition)})`;
      return remember({ ...definition, id: lastInsertRowid, created });
    },
    change({ id, created, ...before }, changes) {
      const definition = { ...before, ...changes };
      store.run`update dynamodb_table set definition = ${JSON.stringify(definition)} where id = ${id}`;
      return remember({ ...definition, id, created });
    },
    remove({ id, name }) {
      store.run`delete from dynamodb_table where id = ${id}`;
      known.delete(name);
      store.afterCommit(() => known.delete(name));
    },
    names: (after, limit) =>
      store
        .all<{ name: string }>`select name from dynamodb_table where name > ${after}
          order by name limit ${limit}`
        .map((row) => row.name),
    all: () => store.all<TableRow>("select * from dynamodb_table order by id").map(table),
  };
}

export const tableName = (nameOrArn: string) => nameOrArn.replace(/^arn:[^/]*:table\/([^/]+)$/, "$1");
