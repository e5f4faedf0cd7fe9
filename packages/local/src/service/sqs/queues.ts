// The queues of the graph and those created by API calls.
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import {
  type Attributes,
  checkAttributes,
  checkRedriveAllowed,
  DEFAULTS,
  FIFO_DEFAULTS,
  parseRedrivePolicy,
} from "./attributes.ts";
import { invalid, missing, noQueue } from "./error.ts";

export interface Queue {
  name: string;
  arn: string;
  fifo: boolean;
  attributes: Attributes;
  tags: Record<string, string>;
  createdAt: number;
  modifiedAt: number;
}

interface Row {
  name: string;
  attributes: string;
  tags: string;
  created_at: number;
  modified_at: number;
}

export type Queues = ReturnType<typeof openQueues>;

export function openQueues({ store, clock, cloud }: Kernel) {
  store.define(`create table if not exists sqs_queue (
    name text primary key, attributes text not null, tags text not null, origin text not null,
    created_at integer not null, modified_at integer not null, purged_at integer not null default 0) strict`);

  const arn = (name: string) => arnOf(cloud, "sqs", name);
  const url = (name: string) => `${cloud.endpoint}/${cloud.account}/${name}`;
  const read = (row: Row): Queue => ({
    name: row.name,
    arn: arn(row.name),
    fifo: row.name.endsWith(".fifo"),
    attributes: JSON.parse(row.attributes),
    tags: JSON.parse(row.tags),
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  });
  const find = (name: string) => {
    const row = store.get<Row>`select * from sqs_queue where name = ${name}`;
    return row && read(row);
  };
  const byArn = (target: string) =>
    target.startsWith(arn("")) ? find(target.slice(arn("").length)) : undefined;

  /** Rejects a redrive policy without a valid target. */
  const checkRedrive = (queue: string, attributes: Attributes) => {
    const policy = parseRedrivePolicy(attributes.RedrivePolicy);
    if (!policy) return;
    const target = byArn(policy.deadLetterTargetArn);
    if (!target)
      throw invalid(
        `Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
    if (target.fifo !== queue.endsWith(".fifo"))
      throw invalid(
        `Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
      );
    checkRedriveAllowed(target.attributes, arn(queue));
  };

  const write = (name: string, attributes: Attributes, tags: Record<string, string>, origin: string) => {
    const now = clock.now();
    store.run`insert into sqs_queue (name, attributes, tags, origin, created_at, modified_at)
      values (${name}, ${JSON.stringify(attributes)}, ${JSON.stringify(tags)}, ${origin}, ${now}, ${now})
      on conflict (name) do update set attributes = excluded.attributes, tags = excluded.tags,
      origin = excluded.origin, modified_at = excluded.modified_at`;
  };

  return {
    arn,
    url,
    find,
    byArn,
    all: () => store.all<Row>("select * from sqs_queue order by name").map(read),

    /** The queue of a QueueUrl parameter: a URL, path or name. */
    get(queueUrl: unknown): Queue {
      if (typeof queueUrl !== "string" || queueUrl === "") throw missing("QueueUrl");
      const queue = find(nameOf(queueUrl));
      if (!queue) throw noQueue();
      return queue;
    },

    create(name: unknown, given: Attributes = {}, tags: Record<string, string> = {}): Queue {
      if (typeof name !== "string" || name === "") throw missing("QueueName");
      const fifo = given.FifoQueue === "true";
      if (!/^[\w-]{1,80}$/.test(fifo ? name.replace(/\.fifo$/, "") : name) || fifo !== name.endsWith(".fifo"))
        throw invalid(
          fifo
            ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
            : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
        );
      checkAttributes(given, fifo);
      checkRedrive(name, given);
      const known = find(name);
      if (!known) write(name, { ...DEFAULTS, ...(fifo ? FIFO_DEFAULTS : {}), ...given }, tags, "api");
      else
        for (const [attribute, value] of Object.entries(given))
          if (known.attributes[attribute] !== value)
            throw new AwsError(
              "QueueNameExists",
              `A queue already exists with the same name and a different value for attribute ${attribute}`,
            );
      return find(name)!;
    },

    /** Applies the graph's queues, and deletes empty queues that it no longer declares. */
    declare(declared: Array<{ name: string; attributes: Attributes; tags: Record<string, string> }>) {
      const names = new Set(declared.map((queue) => queue.name));
      for (const { name, attributes, tags } of declared) {
        withQueueName(name, () => checkAttributes(attributes, name.endsWith(".fifo")));
        const fifo = name.endsWith(".fifo") ? FIFO_DEFAULTS : {};
        write(name, { ...DEFAULTS, ...fifo, ...attributes }, tags, "graph");
      }
      for (const { name, attributes } of declared) withQueueName(name, () => checkRedrive(name, attributes));
      for (const { name } of store.all<{ name: string }>(
        `select name from sqs_queue q where origin = 'graph'
         and not exists (select 1 from sqs_message m where m.queue = q.name)`,
      ))
        if (!names.has(name)) store.run`delete from sqs_queue where name = ${name}`;
    },

    update(queue: Queue, changes: Attributes) {
      checkAttributes(changes, queue.fifo);
      checkRedrive(queue.name, changes);
      const attributes = { ...queue.attributes, ...changes };
      // An empty value removes the attribute.
      for (const [name, value] of Object.entries(changes)) if (value === "") delete attributes[name];
      store.run`update sqs_queue set attributes = ${JSON.stringify(attributes)}, modified_at = ${clock.now()}
        where name = ${queue.name}`;
    },

    tag(queue: Queue, tags: Record<string, string>) {
      store.run`update sqs_queue set tags = ${JSON.stringify(tags)} where name = ${queue.name}`;
    },

    /** The queues that use `queue` as their dead-letter queue. */
    sourcesOf(queue: Queue): Queue[] {
      return store
        .all<Row>("select * from sqs_queue order by name")
        .map(read)
        .filter((one) => parseRedrivePolicy(one.attributes.RedrivePolicy)?.deadLetterTargetArn === queue.arn);
    },
  };
}

/** `http://host/account/name`, or only the name. */
export const nameOf = (queueUrl: string) => queueUrl.replace(/\/$/, "").split("/").at(-1)!;

/** Adds the queue's name to errors, which fail the start. */
function withQueueName(name: string, check: () => void) {
  try {
    check();
  } catch (error) {
    throw new Error(`The queue ${name}: ${(error as Error).message}`, { cause: error });
  }
}
