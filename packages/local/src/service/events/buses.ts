// Event buses: the default bus, and those of the graph and of API calls.
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import { notFound, validation } from "./error.ts";

interface Row {
  name: string;
  description: string | null;
  tags: string;
  origin: string;
  created_at: number;
}

export type Buses = ReturnType<typeof openBuses>;

export function openBuses({ store, clock, cloud }: Kernel) {
  store.define(`create table if not exists events_bus (
    name text primary key, description text, tags text not null, origin text not null,
    created_at integer not null) strict`);

  const prefix = arnOf(cloud, "events", "event-bus/");
  const arn = (name: string) => prefix + name;
  const find = (name: string) => store.get<Row>`select * from events_bus where name = ${name}`;
  const insert = (name: string, description: string | null, tags: object, origin: string) =>
    store.run`insert into events_bus
      values (${name}, ${description}, ${JSON.stringify(tags)}, ${origin}, ${clock.now()})
      on conflict (name) do update set description = excluded.description, tags = excluded.tags,
      origin = excluded.origin`;
  const shape = ({ name, description, created_at }: Row) => ({
    Name: name,
    Arn: arn(name),
    Description: description ?? undefined,
    CreationTime: new Date(created_at),
    LastModifiedTime: new Date(created_at),
  });

  return {
    arn,
    find,
    /** A bus may be given by name or by ARN; none means the default one. */
    nameOf: (given: unknown) =>
      typeof given === "string" && given !== "" ? given.replace(/^arn:.*:event-bus\//, "") : "default",

    get(name: string): Row {
      const bus = find(name);
      if (!bus) throw notFound(`Event bus ${name} does not exist.`);
      return bus;
    },

    declare(declared: Array<{ name: string; description?: string; tags?: object }>) {
      const names = new Set(["default", ...declared.map(({ name }) => name)]);
      for (const { name } of store.all<Row>("select * from events_bus where origin = 'graph'"))
        if (!names.has(name)) store.run`delete from events_bus where name = ${name}`;
      if (!find("default")) insert("default", null, {}, "graph");
      for (const { name, description, tags } of declared)
        insert(name, description ?? null, tags ?? {}, "graph");
    },

    create({ Name, Description, EventSourceName, DeadLetterConfig, Tags = [] }: Record<string, any>) {
      if (typeof Name !== "string" || !/^[\w./-]{1,256}$/.test(Name) || Name === "default")
        throw validation(`Event bus name '${Name}' is not valid.`);
      if (EventSourceName) throw validation("Partner event sources are not implemented.");
      if (DeadLetterConfig)
        throw validation("A dead-letter queue of a bus is not implemented: configure one for each target.");
      if (find(Name))
        throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
      insert(Name, Description ?? null, tagMap(Tags), "api");
      return { EventBusArn: arn(Name), Description };
    },

    remove(name: string) {
      if (name === "default") throw validation("Cannot delete event bus default.");
      if (store.get`select 1 from events_rule where bus = ${name}`)
        throw validation(`Event bus ${name} cannot be deleted since it has rules.`);
      store.run`delete from events_bus where name = ${name}`;
      return {};
    },

    describe: (bus: Row) => shape(bus),
    list: (namePrefix: string) =>
      store
        .all<Row>("select * from events_bus order by name")
        .filter((bus) => bus.name.startsWith(namePrefix))
        .map(shape),
    setTags: (name: string, tags: object) =>
      store.run`update events_bus set tags = ${JSON.stringify(tags)} where name = ${name}`,
  };
}

export const tagMap = (tags: Array<{ Key: string; Value: string }>) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
