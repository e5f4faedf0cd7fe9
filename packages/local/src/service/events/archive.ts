// Archives store the events of a bus for replays.
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import { notFound, validation } from "./error.ts";
import type { Event } from "./event.ts";
import { compileMatcher } from "./pattern/match.ts";

interface Row {
  name: string;
  bus: string;
  pattern: string | null;
  /** 0: events do not expire. */
  retention_days: number;
  description: string | null;
  created_at: number;
}

export type Archives = ReturnType<typeof openArchives>;

const DAY_MS = 86_400_000;

export function openArchives({ store, clock, cloud }: Kernel) {
  store.define(`
    create table if not exists events_archive (
      name text primary key, bus text not null, pattern text, retention_days integer not null, description text,
      created_at integer not null) strict;
    create table if not exists events_archived (
      seq integer primary key autoincrement, archive text not null, at integer not null, event text not null) strict;
    create index if not exists events_archived_at on events_archived (archive, at, seq)`);

  const prefix = arnOf(cloud, "events", "");
  const arn = (name: string) => `${prefix}archive/${name}`;
  let compiled: Array<Row & { matches(event: unknown): boolean }> | undefined;
  const load = () =>
    store
      .all<Row>("select * from events_archive order by name")
      .map((row) => ({ ...row, matches: row.pattern ? compileMatcher(row.pattern) : () => true }));
  const get = (name: unknown): Row => {
    const row = store.get<Row>`select * from events_archive where name = ${String(name)}`;
    if (!row) throw notFound(`Archive ${String(name)} does not exist.`);
    return row;
  };
  const deleteExpired = ({ name, retention_days }: Row) => {
    if (retention_days > 0)
      store.run`delete from events_archived
        where archive = ${name} and at <= ${clock.now() - retention_days * DAY_MS}`;
  };
  const describe = (row: Row) => {
    deleteExpired(row);
    const stored = store.get<{ count: number; bytes: number | null }>`
      select count(*) as count, sum(length(event)) as bytes from events_archived
      where archive = ${row.name}`!;
    return {
      ArchiveArn: arn(row.name),
      ArchiveName: row.name,
      EventSourceArn: `${prefix}event-bus/${row.bus}`,
      Description: row.description ?? undefined,
      EventPattern: row.pattern ?? undefined,
      State: "ENABLED",
      RetentionDays: row.retention_days,
      SizeBytes: stored.bytes ?? 0,
      EventCount: stored.count,
      CreationTime: new Date(row.created_at),
    };
  };

  return {
    arn,
    get,
    describe: (name: unknown) => describe(get(name)),
    list: ({ NamePrefix = "", EventSourceArn }: { NamePrefix?: string; EventSourceArn?: string }) =>
      store
        .all<Row>("select * from events_archive order by name")
        .filter((row) => row.name.startsWith(NamePrefix))
        .map(describe)
        .filter((archive) => !EventSourceArn || archive.EventSourceArn === EventSourceArn),

    create(name: unknown, bus: string, given: { pattern?: string; days?: number; description?: string }) {
      if (typeof name !== "string" || !/^[\w.-]{1,48}$/.test(name))
        throw validation(`Archive name '${String(name)}' is not valid.`);
      if (store.get`select 1 from events_archive where name = ${name}`)
        throw new AwsError("ResourceAlreadyExistsException", `Archive ${name} already exists.`);
      store.run`insert into events_archive
        values (${name}, ${bus}, ${given.pattern ?? null}, ${given.days ?? 0}, ${given.description ?? null},
        ${clock.now()})`;
      compiled = undefined;
      return { ArchiveArn: arn(name), State: "ENABLED", CreationTime: new Date(clock.now()) };
    },

    remove(name: unknown) {
      const row = get(name);
      store.run`delete from events_archived where archive = ${row.name}`;
      store.run`delete from events_archive where name = ${row.name}`;
      compiled = undefined;
      return {};
    },

    /** Stores an event in the archives that match it, in the publisher's transaction. */
    record(bus: string, event: Event, text: string) {
      compiled ??= load();
      for (const archive of compiled)
        if (archive.bus === bus && archive.matches(event)) {
          deleteExpired(archive);
          store.run`insert into events_archived (archive, at, event)
            values (${archive.name}, ${Date.parse(event.time)}, ${text})`;
        }
    },

    /** Events of a time range after a cursor, in order of arrival. */
    read: (name: string, from: number, to: number, after: number, limit: number) =>
      store.all<{ seq: number; event: string; at: number }>`select seq, event, at from events_archived
        where archive = ${name} and at >= ${from} and at < ${to} and seq > ${after}
        order by seq limit ${limit}`,
  };
}
