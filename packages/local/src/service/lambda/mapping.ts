// Event-source mappings: receives batches from a queue, invokes the function and deletes the processed messages.
import { randomUUID } from "node:crypto";
import type { Kernel, Principal } from "../../kernel/service.ts";
import type { Fleet, InvocationResult } from "./fleet.ts";
import { BATCHES_IN_FLIGHT, POLL_BACKOFF_MS, POLL_WAIT_S, RECEIVE_MAX } from "./limits.ts";
import { toSqsEvent, failedMessageIds, type Message } from "./records.ts";

export interface Mapping {
  uuid: string;
  queueArn: string;
  functionName: string;
  enabled: boolean;
  batchSize: number;
  windowS: number;
  reportsItems: boolean;
  concurrency?: number;
  changedAt: number;
}

export interface Poller {
  start(): void;
  stop(): Promise<void>;
}

export function createPoller(kernel: Kernel, mapping: Mapping, fleet: Fleet): Poller {
  const { clock, cloud } = kernel;
  const [, , , , account, queue] = mapping.queueArn.split(":");
  const QueueUrl = `${cloud.endpoint}/${account}/${queue}`;
  const role: Principal = { kind: "role", arn: fleet.definition.role, session: fleet.definition.name };
  const limit = Math.min(mapping.concurrency ?? BATCHES_IN_FLIGHT, BATCHES_IN_FLIGHT);
  const inFlight = openInFlight(kernel, mapping, QueueUrl);
  const batches = new Set<Promise<void>>();
  let failures = 0;
  let stopped = false;
  let wake = () => {};

  /** Waits for `ms`, or until stop. */
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  const backOff = (times: number) =>
    pause(Math.min(POLL_BACKOFF_MS.most, POLL_BACKOFF_MS.first * 2 ** times));

  async function receive(most: number, waitS: number): Promise<Message[]> {
    const { Messages = [] } = await kernel.call<{ Messages?: Message[] }>(
      "sqs",
      "ReceiveMessage",
      {
        QueueUrl,
        MaxNumberOfMessages: Math.min(RECEIVE_MAX, most),
        WaitTimeSeconds: waitS,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      },
      role,
    );
    return Messages;
  }

  async function collectBatch(): Promise<Message[]> {
    const messages = await receive(mapping.batchSize, POLL_WAIT_S);
    const until = clock.now() + mapping.windowS * 1000;
    while (!stopped && messages.length > 0 && messages.length < mapping.batchSize) {
      const leftS = Math.ceil((until - clock.now()) / 1000);
      const more = await receive(
        mapping.batchSize - messages.length,
        Math.max(0, Math.min(POLL_WAIT_S, leftS)),
      );
      messages.push(...more);
      if (more.length === 0 && leftS <= 0) break;
    }
    return messages;
  }

  async function loop() {
    let receiveFailures = 0;
    while (!stopped) {
      if (batches.size >= limit) {
        await Promise.race(batches);
        continue;
      }
      if (failures > 0) await backOff(failures - 1);
      try {
        const messages = await collectBatch();
        receiveFailures = 0;
        if (messages.length === 0) continue;
        if (stopped) {
          // Received during the stop: make them visible again.
          inFlight.add(messages);
          return await inFlight.release();
        }
        const batch = processBatch(messages)
          .catch((error: Error) => {
            failures++;
            if (!stopped)
              kernel.log("error", `Reading ${queue} for ${mapping.functionName} failed: ${error.message}`);
          })
          .finally(() => batches.delete(batch));
        batches.add(batch);
      } catch (error) {
        if (stopped) return;
        if (receiveFailures === 0)
          kernel.log("error", `${mapping.functionName} cannot read ${queue}: ${(error as Error).message}`);
        await backOff(receiveFailures++);
      }
    }
  }

  async function processBatch(messages: Message[]) {
    const forget = inFlight.add(messages);
    try {
      const result = await invoke(JSON.stringify(toSqsEvent(messages, mapping.queueArn, cloud.region)));
      if (result) {
        failures = result.functionError ? failures + 1 : 0;
        const failed = failedMessageIds(result, messages, mapping.reportsItems);
        await remove(messages.filter(({ MessageId }) => !failed.has(MessageId)));
        forget();
      }
    } catch (error) {
      forget();
      throw error;
    }
  }

  async function remove(messages: Message[]) {
    for (let at = 0; at < messages.length; at += RECEIVE_MAX) {
      const Entries = messages
        .slice(at, at + RECEIVE_MAX)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed = [] } = await kernel.call("sqs", "DeleteMessageBatch", { QueueUrl, Entries }, role);
      if (Failed.length > 0)
        kernel.log(
          "warn",
          `${Failed.length} messages of ${queue} could not be deleted and will be delivered again.`,
        );
    }
  }

  /** Undefined when the cloud stops: the messages become visible again. */
  async function invoke(payload: string): Promise<InvocationResult | undefined> {
    for (let tries = 0; !stopped; tries++) {
      try {
        const result = await fleet.invoke({ requestId: randomUUID(), payload });
        return stopped && result.functionError ? undefined : result;
      } catch (error) {
        if (stopped) return;
        if (tries === 5) throw error;
        await backOff(tries);
      }
    }
    return;
  }

  return {
    start() {
      void inFlight
        .release()
        .catch((error: Error) =>
          kernel.log(
            "warn",
            `Messages of ${queue} in flight at the last stop could not be released: ${error.message}`,
          ),
        )
        .then(loop);
    },
    async stop() {
      stopped = true;
      wake();
      await Promise.allSettled(batches);
    },
  };
}

// Stores the receipt handles of running batches. After a crash the next start makes these messages visible at once,
// instead of waiting for their visibility timeout.
function openInFlight({ store, call }: Kernel, { uuid }: Mapping, QueueUrl: string) {
  store.define(
    "create table if not exists lambda_held (id text primary key, mapping text not null, handles text not null) strict",
  );
  const forget = (id: string) => store.run`delete from lambda_held where id = ${id}`;
  return {
    add(messages: Message[]) {
      const id = randomUUID();
      const handles = JSON.stringify(messages.map(({ ReceiptHandle }) => ReceiptHandle));
      store.run`insert into lambda_held values (${id}, ${uuid}, ${handles})`;
      return () => void forget(id);
    },
    async release() {
      for (const { id, handles } of store.all<{ id: string; handles: string }>`select id, handles
        from lambda_held where mapping = ${uuid}`) {
        for (const ReceiptHandle of JSON.parse(handles) as string[])
          // Fails for messages that are deleted or visible already.
          await call(
            "sqs",
            "ChangeMessageVisibility",
            { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 },
            { kind: "root" },
          ).catch(() => {});
        forget(id);
      }
    },
  };
}
