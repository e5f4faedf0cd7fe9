// Stored log groups, streams and events.
import type { Store } from "../../kernel/store.ts";

export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

export interface GroupRow {
  name: string;
  retention: number | null;
  created: number;
}

export interface StreamRow {
  group_name: string;
  name: string;
  created: number;
  first: number | null;
  last: number | null;
  ingested: number | null;
}

export interface EventRow {
  id: number;
  stream: string;
  at: number;
  ingested: number;
  message: string;
}

export interface Window {
  group: string;
  /** Inclusive, milliseconds. */
  from: number;
  /** Exclusive. */
  to: number;
  after?: { at: number; id: number };
  before?: { at: number; id: number };
}

export function openLogStore(store: Store) {
  store.define(`
    create table if not exists logs_groups (name text primary key, retention integer, created integer not null) strict;
    create table if not exists logs_streams (
      group_name text not null, name text not null, created integer not null, first integer, last integer, ingested integer,
      primary key (group_name, name)
    ) strict;
    create table if not exists logs_events (
      id integer primary key, group_name text not null, stream text not null, at integer not null,
      ingested integer not null, message text not null
    ) strict;
    create index if not exists logs_events_time on logs_events (group_name, at, id);
    create index if not exists logs_events_stream on logs_events (group_name, stream, at, id)`);

  return {
    group: (name: string) => store.get<GroupRow>`select * from logs_groups where name = ${name}`,
    groups: (prefix: string, after: string, limit: number) =>
      store.all<GroupRow>`select * from logs_groups
        where substr(name, 1, length(${prefix})) = ${prefix} and name > ${after}
        order by name limit ${limit}`,
    addGroup: (name: string, now: number) =>
      store.run`insert or ignore into logs_groups values (${name}, null, ${now})`.changes > 0,
    retain: (name: string, days: number | null) =>
      store.run`update logs_groups set retention = ${days} where name = ${name}`,
    dropGroup(name: string) {
      store.tx(() => {
        store.run`delete from logs_events where group_name = ${name}`;
        store.run`delete from logs_streams where group_name = ${name}`;
        store.run`delete from logs_groups where name = ${name}`;
      });
    },
    bytes: (name: string) =>
      store.get<{ bytes: number | null }>`select sum(length(message) + 26) as bytes from logs_events
        where group_name = ${name}`?.bytes ?? 0,
    stream: (group: string, name: string) =>
      store.get<StreamRow>`select * from logs_streams where group_name = ${group} and name = ${name}`,
    streams: (group: string) => store.all<StreamRow>`select * from logs_streams where group_name = ${group}`,
    addStream: (group: string, name: string, now: number) =>
      store.run`insert or ignore into logs_streams values (${group}, ${name}, ${now}, null, null, null)`
        .changes > 0,
    dropStream(group: string, name: string) {
      store.tx(() => {
        store.run`delete from logs_events where group_name = ${group} and stream = ${name}`;
        store.run`delete from logs_streams where group_name = ${group} and name = ${name}`;
      });
    },
    append(
      group: string,
      stream: string,
      events: Array<{ timestamp: number; message: string }>,
      now: number,
    ) {
      for (const { timestamp, message } of events)
        store.run`insert into logs_events (group_name, stream, at, ingested, message)
          values (${group}, ${stream}, ${timestamp}, ${now}, ${message})`;
      const times = events.map(({ timestamp }) => timestamp);
      store.run`update logs_streams
        set first = min(coalesce(first, ${times[0]!}), ${times[0]!}),
        last = max(coalesce(last, ${times.at(-1)!}), ${times.at(-1)!}), ingested = ${now}
        where group_name = ${group} and name = ${stream}`;
    },
    /** Events in order of time, of the group or of one stream. */
    read({ group, from, to, after }: Window, limit: number, stream?: string) {
      const { at, id } = after ?? { at: from - 1, id: 0 };
      const narrowed = stream === undefined ? "" : "and stream = ?";
      return store.all<EventRow>(
        `select id, stream, at, ingested, message from logs_events
         where group_name = ? and at >= ? and at < ? and (at, id) > (?, ?) ${narrowed} order by at, id limit ?`,
        group,
        from,
        to,
        at,
        id,
        ...(stream === undefined ? [] : [stream]),
        limit,
      );
    },
    readBackward({ group, from, to, before }: Window, limit: number, stream: string) {
      const { at, id } = before ?? { at: to, id: 0 };
      return store.all<EventRow>`select id, stream, at, ingested, message from logs_events
          where group_name = ${group} and at >= ${from} and at < ${to} and (at, id) < (${at}, ${id})
          and stream = ${stream} order by at desc, id desc limit ${limit}`.toReversed();
    },
    /** Deletes events past their group's retention. */
    sweep(now: number) {
      store.run`delete from logs_events
        where id in (select e.id from logs_events e join logs_groups g on g.name = e.group_name
        where g.retention is not null and e.at < ${now} - g.retention * 86400000)`;
    },
  };
}
