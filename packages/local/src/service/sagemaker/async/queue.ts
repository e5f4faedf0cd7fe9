// The requests of asynchronous endpoints. Each is stored until its response or error is in S3; an interrupted request runs
// again.
import { randomUUID } from "node:crypto";
import { retryOnStorageError } from "../../../kernel/disk.ts";
import type { Kernel } from "../../../kernel/service.ts";
import type { Invocations, InvocationTarget } from "../invocation.ts";
import { ASYNC_CONCURRENCY, ASYNC_PAYLOAD_BYTES } from "../limits.ts";
import { instancesOf } from "../endpoint/variant.ts";
import { asRole, getObject, putObject } from "../s3.ts";
import { publishNotification } from "./notification.ts";
import type { AsyncRequest } from "./request.ts";

export type AsyncQueue = ReturnType<typeof openQueue>;

export function openQueue(kernel: Kernel, invocations: Invocations) {
  const { store, clock } = kernel;
  store.define(`create table if not exists sagemaker_async
    (sequence integer primary key, id text not null unique, endpoint text not null, request text not null)`);
  /** Ids of running requests, by endpoint. */
  const busy = new Map<string, Set<string>>();
  const working = new Set<Promise<void>>();
  let closing = false;

  /** Starts waiting requests, if the endpoint has instances. */
  function wake(endpoint: string) {
    const running = busy.get(endpoint) ?? new Set();
    busy.set(endpoint, running);
    if (closing) return;
    const waiting = store.all<{ request: string }>`select request from sagemaker_async
      where endpoint = ${endpoint} order by sequence limit ${freeSlots(endpoint) + running.size}`;
    for (const { request } of waiting) {
      const next = JSON.parse(request) as AsyncRequest;
      if (running.size >= freeSlots(endpoint)) return;
      if (running.has(next.id)) continue;
      running.add(next.id);
      const work = handle(next)
        .catch((error: Error) =>
          kernel.log("error", `Asynchronous inference ${next.inferenceId}: ${error.message}`),
        )
        .finally(() => {
          running.delete(next.id);
          working.delete(work);
          wake(endpoint);
        });
      working.add(work);
    }
  }

  function freeSlots(endpoint: string): number {
    const found = find(endpoint);
    if (found?.config && instancesOf(found.endpoint, found.config) === 0) return 0;
    const client = found?.config?.async?.ClientConfig;
    return client?.MaxConcurrentInvocationsPerInstance ?? ASYNC_CONCURRENCY;
  }

  function find(endpoint: string): InvocationTarget | undefined {
    try {
      return invocations.find(endpoint);
    } catch {
      return undefined;
    }
  }

  const done = ({ id }: AsyncRequest) => store.run`delete from sagemaker_async where id = ${id}`;

  async function handle(request: AsyncRequest) {
    const found = find(request.endpoint);
    // The role to write the response with was deleted with the endpoint.
    if (!found) return void done(request);
    const { roleArn } = invocations.choose(found);
    const put = (uri: string, Body: Buffer, ContentType?: string) =>
      putObject(kernel, roleArn, uri, { Body, ContentType });
    const written = <T>(work: () => T) => retryOnStorageError(clock, () => closing, work);
    let failure: Error | undefined;
    try {
      if (clock.now() > request.expires) throw new Error("The request expired before it could be served.");
      const body = await read(request, roleArn);
      // The endpoint may have been updated meanwhile.
      const now = find(request.endpoint) ?? found;
      const response = await invocations.send(
        now.endpoint,
        invocations.choose(now),
        body,
        {
          ContentType: request.contentType,
          Accept: request.accept,
          CustomAttributes: request.customAttributes,
          InferenceId: request.inferenceId,
        },
        request.timeoutMs,
      );
      if (closing) return;
      await written(() => put(request.output, response.body, response.headers["content-type"]));
    } catch (error) {
      if (closing) return;
      failure = error as Error;
      if (request.failure)
        await written(() => put(request.failure!, Buffer.from(failure!.message), "text/plain")).catch(
          (reason: Error) =>
            kernel.log("warn", `The failure of ${request.inferenceId} was not stored: ${reason.message}`),
        );
    }
    await written(() => done(request));
    await publishNotification(kernel, asRole(roleArn), found.config?.async, request, failure);
  }

  async function read({ input: uri, body }: AsyncRequest, roleArn: string): Promise<Buffer> {
    if (uri === undefined) return Buffer.from(body ?? "", "base64");
    const { Body, ContentLength } = await getObject(kernel, roleArn, uri);
    if (ContentLength > ASYNC_PAYLOAD_BYTES) {
      Body.destroy();
      throw new Error(
        `${uri} has ${ContentLength} bytes; an asynchronous endpoint accepts at most ${ASYNC_PAYLOAD_BYTES}.`,
      );
    }
    return Buffer.concat(await Body.toArray());
  }

  return {
    add(given: Omit<AsyncRequest, "id">) {
      const request: AsyncRequest = { ...given, id: randomUUID() };
      store.run`insert into sagemaker_async (id, endpoint, request)
        values (${request.id}, ${request.endpoint}, ${JSON.stringify(request)})`;
      store.afterCommit(() => wake(request.endpoint));
    },
    wake,
    /** Number of waiting and running requests. */
    backlog: (endpoint: string) =>
      store.get<{ count: number }>`select count(*) as count from sagemaker_async
        where endpoint = ${endpoint}`!.count,
    resume() {
      const waiting = store.all<{ endpoint: string }>("select distinct endpoint from sagemaker_async");
      for (const { endpoint } of waiting) wake(endpoint);
    },
    async close() {
      closing = true;
      await Promise.all(working);
    },
  };
}
