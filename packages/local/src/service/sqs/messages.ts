// Stored messages. A received message is invisible until its visibility timeout ends.
import { randomUUID } from "node:crypto";
import type { Kernel } from "../../kernel/service.ts";
import { parseRedrivePolicy } from "./attributes.ts";
import { DEDUPLICATION_MS } from "./limits.ts";
import { type MessageAttributes, packAttributes } from "./message-attributes.ts";
import type { Queue, Queues } from "./queues.ts";

export interface Message {
  seq: number;
  queue: string;
  message_id: string;
  body: string;
  attributes: string;
  trace: string | null;
  sender: string;
  sent_at: number;
  visible_at: number;
  receive_count: number;
  first_received_at: number | null;
  group_id: string | null;
  dedup_id: string | null;
  source_queue: string | null;
}

export interface NewMessage {
  body: string;
  attributes?: MessageAttributes;
  sender: string;
  trace?: string;
  delayMs?: number;
  groupId?: string;
  dedupId?: string;
}

export type Messages = ReturnType<typeof openMessages>;

/** FIFO sequence numbers have 20 digits and increase. */
export const sequenceNumber = (seq: number) => `1${String(seq).padStart(19, "0")}`;

export function openMessages(kernel: Kernel, queues: Queues) {
  const { store, clock } = kernel;
  store.define(`
    create table if not exists sqs_message (
      seq integer primary key autoincrement, queue text not null, message_id text not null, body text not null,
      attributes text not null, trace text, sender text not null, sent_at integer not null,
      visible_at integer not null, receive_count integer not null default 0, first_received_at integer,
      group_id text, dedup_id text, source_queue text) strict;
    create index if not exists sqs_message_visible on sqs_message (queue, visible_at, seq);
    create index if not exists sqs_message_group on sqs_message (queue, group_id, seq) where group_id is not null;
    create index if not exists sqs_message_sent on sqs_message (queue, sent_at);
    create table if not exists sqs_dedup (
      queue text not null, scope text not null, dedup_id text not null, seq integer not null,
      message_id text not null, at integer not null, primary key (queue, scope, dedup_id)) strict;
    create index if not exists sqs_dedup_at on sqs_dedup (at)`);

  const listeners = new Map<string, Set<() => void>>();
  /** Wakes waiting receivers after the commit. */
  const wake = (queue: string) =>
    store.afterCommit(() => {
      for (const listener of listeners.get(queue) ?? []) listener();
    });

  const findDuplicate = (queue: Queue, message: NewMessage) => {
    if (!message.dedupId) return undefined;
    const scope = queue.attributes.DeduplicationScope === "messageGroup" ? (message.groupId ?? "") : "";
    store.run`delete from sqs_dedup where at <= ${clock.now() - DEDUPLICATION_MS}`;
    const key = [queue.name, scope, message.dedupId] as const;
    const known = store.get<{ seq: number; message_id: string }>(
      "select seq, message_id from sqs_dedup where queue = ? and scope = ? and dedup_id = ?",
      ...key,
    );
    return { known, remember: (seq: number, id: string) => remember(key, seq, id) };
  };
  const remember = (key: readonly [string, string, string], seq: number, id: string) =>
    store.run("insert into sqs_dedup values (?, ?, ?, ?, ?, ?)", ...key, seq, id, clock.now());

  const insert = (queue: Queue, id: string, message: NewMessage, delayMs: number) => {
    const now = clock.now();
    return store.run`
      insert into sqs_message (queue, message_id, body, attributes, trace, sender, sent_at, visible_at,
      group_id, dedup_id)
      values (${queue.name}, ${id}, ${message.body}, ${packAttributes(message.attributes ?? {})},
      ${message.trace ?? null}, ${message.sender}, ${now}, ${now + delayMs}, ${message.groupId ?? null},
      ${message.dedupId ?? null})`.lastInsertRowid;
  };

  const selectStandard = `select * from sqs_message where queue = ? and visible_at <= ? order by visible_at, seq limit ?`;
  // A group is blocked while one of its messages is in flight, or an earlier one is delayed.
  const selectFifo = `select * from sqs_message m where queue = ? and visible_at <= ? and not exists (
      select 1 from sqs_message o where o.queue = m.queue and o.group_id = m.group_id and o.visible_at > ?
        and (o.receive_count > 0 or o.seq < m.seq)) order by seq limit ?`;

  return {
    wake,

    /** Calls `listener` when messages may have become visible. Returns the function that removes it. */
    onChange(queue: string, listener: () => void) {
      const watchers = listeners.get(queue) ?? new Set();
      listeners.set(queue, watchers.add(listener));
      return () => {
        watchers.delete(listener);
        if (watchers.size === 0) listeners.delete(queue);
      };
    },

    /** Stores a message in the caller's transaction. */
    add(queue: Queue, message: NewMessage): { messageId: string; sequence?: string } {
      const dedup = queue.fifo ? findDuplicate(queue, message) : undefined;
      if (dedup?.known)
        return { messageId: dedup.known.message_id, sequence: sequenceNumber(dedup.known.seq) };
      const messageId = randomUUID();
      let delayMs = message.delayMs ?? Number(queue.attributes.DelaySeconds) * 1000;
      // Only standard queues can deliver duplicates or change the order.
      const fault = queue.fifo ? undefined : kernel.fault("sqs:deliver", { queue: queue.name });
      if (fault?.kind === "duplicate") insert(queue, messageId, message, delayMs);
      if (fault?.kind === "delay" || fault?.kind === "reorder") delayMs += fault.ms ?? 1000;
      const seq = insert(queue, messageId, message, delayMs);
      dedup?.remember(seq, messageId);
      wake(queue.name);
      return queue.fifo ? { messageId, sequence: sequenceNumber(seq) } : { messageId };
    },

    /** Receives up to `limit` messages. Moves those that were received too often to the dead-letter queue. */
    receive(queue: Queue, limit: number, visibilityMs: number): Message[] {
      const now = clock.now();
      const policy = parseRedrivePolicy(queue.attributes.RedrivePolicy);
      const target = policy && queues.byArn(policy.deadLetterTargetArn);
      store.run`delete from sqs_message where queue = ${queue.name}
        and sent_at <= ${now - Number(queue.attributes.MessageRetentionPeriod) * 1000}`;
      const received: Message[] = [];
      while (received.length < limit) {
        const found = queue.fifo
          ? store.all<Message>(selectFifo, queue.name, now, now, limit)
          : store.all<Message>(selectStandard, queue.name, now, limit - received.length);
        if (found.length === 0) break;
        for (const message of found) {
          if (target && message.receive_count >= policy.maxReceiveCount) {
            store.run`update sqs_message
              set queue = ${target.name}, visible_at = ${now}, source_queue = ${queue.name}
              where seq = ${message.seq}`;
            wake(target.name);
            continue;
          }
          message.receive_count++;
          message.first_received_at ??= now;
          message.visible_at = now + visibilityMs;
          store.run`update sqs_message
            set receive_count = ${message.receive_count}, first_received_at = ${message.first_received_at},
            visible_at = ${message.visible_at} where seq = ${message.seq}`;
          received.push(message);
        }
        // The first query returns a FIFO group in order; it blocks the group for a second one.
        if (queue.fifo || visibilityMs === 0) break;
      }
      return received;
    },

    /** When the next invisible or delayed message becomes visible. */
    nextVisible: (queue: string) =>
      store.get<{ at: number | null }>`select min(visible_at) as at from sqs_message
        where queue = ${queue} and visible_at > ${clock.now()}`?.at ?? undefined,

    count(queue: string) {
      const now = clock.now();
      return store.get<{ visible: number; hidden: number; delayed: number; oldest: number | null }>`
        select count(*) filter (where visible_at <= ${now}) as visible,
        count(*) filter (where visible_at > ${now} and receive_count > 0) as hidden,
        count(*) filter (where visible_at > ${now} and receive_count = 0) as delayed,
        min(sent_at) as oldest
        from sqs_message where queue = ${queue}`!;
    },
  };
}
