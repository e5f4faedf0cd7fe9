// Bodies belong to one database: with another or an empty database, all of them would be deleted as unreferenced.
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Kernel } from "../../../kernel/service.ts";
import { StorageError } from "../../../kernel/storage-error.ts";

/**
 * Throws when `dir` contains bodies of another database. The id is committed before it is written to the file next to
 * the bodies, so a crash in between leaves no file. Older state has no id, but rows that reference bodies.
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
      "CLOUD_DB_DAMAGED",
      `${dir} contains bodies that cloud.db does not reference: cloud.db is empty, new or from another folder. ` +
        "Restore the matching cloud.db, or move the state folder away to start without state.",
    );
  if (owner !== undefined && owner === known) return;
  const id = known ?? randomUUID();
  if (known === undefined) store.run`insert into s3_owner values (${id})`;
  try {
    writeFileSync(file, id);
  } catch (error) {
    throw disk.reportError(error, file);
  }
}

/** A crash may leave an empty file. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8") || undefined;
  } catch {
    return undefined;
  }
}
