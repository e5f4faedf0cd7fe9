// The bodies belong to one database: with another one, or an empty one, all of them would look like leftovers to delete.
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "../../../kernel/service.ts";
import { StorageError } from "../../../kernel/storage-error.ts";

/**
 * Throws when `dir` holds bodies of another database. The database's id is committed before it is written to the file
 * beside the bodies: a crash in between leaves no file. State of an older version has neither, but rows that name bodies.
 */
export function checkOwner(
  { store, disk }: Kernel,
  dir: string,
  hasBodies: boolean,
  namesBodies: () => boolean,
) {
  store.define("create table if not exists s3_owner (id text not null) strict");
  const file = path.join(dir, "owner");
  const owner = read(file);
  const known = store.get<{ id: string }>("select id from s3_owner")?.id;
  const isOwner = owner === undefined ? known !== undefined || namesBodies() : owner === known;
  if (hasBodies && !isOwner)
    throw new StorageError(
      "STATE_DAMAGED",
      `${dir} holds bodies of objects that cloud.db does not know: it is empty, new or another one. ` +
        "Put the cloud.db that belongs to them back, or move the state folder away to begin with no state.",
    );
  if (owner !== undefined && owner === known) return;
  const id = known ?? randomUUID();
  if (known === undefined) store.run("insert into s3_owner values (?)", id);
  try {
    writeFileSync(file, id);
  } catch (error) {
    throw disk.reportError(error, file);
  }
}

/** An empty file was cut short by a crash. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8") || undefined;
  } catch {
    return undefined;
  }
}
