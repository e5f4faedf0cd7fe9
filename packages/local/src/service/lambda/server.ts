// Assembles Lambda: one fleet of workers per function.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import { CONCURRENT_EXECUTIONS, quotaOf } from "../../kernel/quotas.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { openAsyncQueue } from "./async.ts";
import { buildBootstrap, createBundler, bundleDir } from "./bundle.ts";
import { nameOf, readDefinitions, type Definition } from "./definition.ts";
import { describeFunction } from "./describe.ts";
import { createFleet, tooMany, type Fleet } from "./fleet.ts";
import { CODE_BYTES, SYNC_PAYLOAD_BYTES } from "./limits.ts";
import { openMappings } from "./mappings.ts";
import { openMeter } from "./meter.ts";
import { PREFIX, functionUrls } from "./url.ts";

export function startLambda(kernel: Kernel): Service {
  const { cloud } = kernel;
  const dir = kernel.dir("lambda");
  const bundler = createBundler(kernel.root, bundleDir(kernel.root, dir));
  const meter = openMeter(kernel);
  const concurrency = quotaOf(kernel.quotas, "lambda", CONCURRENT_EXECUTIONS);
  const account = countConcurrency(concurrency);
  let bootstrapFile: Promise<string> | undefined;
  const bootstrap = () =>
    (bootstrapFile ??= buildBootstrap(path.join(dir, "bootstrap.mjs")).catch((error: unknown) => {
      // Build again at the next invocation: the disk may have space then.
      bootstrapFile = undefined;
      throw error;
    }));

  const fleets = new Map<string, Fleet>();
  for (const definition of readDefinitions(kernel))
    fleets.set(
      definition.name,
      createFleet({ kernel, definition, bootstrap, bundle: bundler.get, account, meter }),
    );
  const asynchronous = openAsyncQueue(kernel, fleets, nameOf);
  function fleetOf(reference = ""): Fleet {
    const fleet = fleets.get(nameOf(reference));
    if (fleet) return fleet;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionArn(reference)}`, {
      status: 404,
      fields: { Type: "User" },
    });
  }
  const functionArn = (reference: string) => arnOf(cloud, "lambda", `function:${nameOf(reference)}`);

  const reserved = () =>
    [...fleets.values()].reduce((sum, { definition }) => sum + (definition.reserved ?? 0), 0);

  const mappings = openMappings(kernel, fleetOf);

  async function invoke(input: InvokeInput) {
    const fleet = fleetOf(input.FunctionName);
    const payload = readPayload(input.Payload);
    const type = input.InvocationType ?? "RequestResponse";
    if (type === "DryRun") return { StatusCode: 204, $metadata: { httpStatusCode: 204 } };
    if (type === "Event") {
      kernel.store.tx(() => asynchronous.enqueue(fleet.definition.name, payload));
      return { StatusCode: 202, $metadata: { httpStatusCode: 202 } };
    }
    const size = Buffer.byteLength(payload);
    if (size > SYNC_PAYLOAD_BYTES)
      throw new AwsError(
        "RequestTooLargeException",
        `${size} byte payload is too large for the RequestResponse invocation type (limit ${SYNC_PAYLOAD_BYTES} bytes)`,
        { status: 413 },
      );
    const result = await fleet.invoke({
      requestId: randomUUID(),
      payload,
      clientContext: input.ClientContext && Buffer.from(input.ClientContext, "base64").toString(),
    });
    return {
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: Buffer.from(result.payload),
      FunctionError: result.functionError,
      LogResult: input.LogType === "Tail" ? result.tail : undefined,
    };
  }

  const operations: Service["operations"] = {
    Invoke: invoke,
    GetAccountSettings: () => ({
      AccountLimit: {
        TotalCodeSize: CODE_BYTES.total,
        CodeSizeUnzipped: CODE_BYTES.unzipped,
        CodeSizeZipped: CODE_BYTES.zipped,
        ConcurrentExecutions: concurrency,
        UnreservedConcurrentExecutions: concurrency - reserved(),
      },
      AccountUsage: { FunctionCount: fleets.size, TotalCodeSize: 0 },
    }),
    ListFunctions: () => ({
      Functions: [...fleets.values()].map(({ definition }) => describeFunction(definition)),
    }),
    GetFunction: ({ FunctionName }) => {
      const { definition } = fleetOf(FunctionName);
      return {
        Configuration: describeFunction(definition),
        Code: { RepositoryType: "S3", Location: definition.handler },
        ...(definition.reserved !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: definition.reserved },
        }),
      };
    },
    PutFunctionConcurrency: ({ FunctionName, ReservedConcurrentExecutions: reserved }) => {
      if (!Number.isInteger(reserved) || reserved < 0 || reserved > concurrency)
        throw new AwsError(
          "InvalidParameterValueException",
          `ReservedConcurrentExecutions must be an integer between 0 and ${concurrency}.`,
        );
      fleetOf(FunctionName).definition.reserved = reserved;
      return { ReservedConcurrentExecutions: reserved };
    },
    GetFunctionConcurrency: ({ FunctionName }) => ({
      ReservedConcurrentExecutions: fleetOf(FunctionName).definition.reserved,
    }),
    DeleteFunctionConcurrency: ({ FunctionName }) => {
      fleetOf(FunctionName).definition.reserved = undefined;
      return {};
    },
    GetFunctionConfiguration: ({ FunctionName }) => describeFunction(fleetOf(FunctionName).definition),
    CreateEventSourceMapping: mappings.create,
    DeleteEventSourceMapping: ({ UUID }) => mappings.remove(UUID),
    GetEventSourceMapping: ({ UUID }) => mappings.get(UUID),
    ListEventSourceMappings: ({ FunctionName, EventSourceArn }) => ({
      EventSourceMappings: mappings.list(FunctionName && nameOf(FunctionName), EventSourceArn),
    }),
  };

  return {
    operations,
    access(operation, input) {
      if (operation === "Invoke")
        return [{ action: "lambda:InvokeFunction", resource: functionArn(input.FunctionName ?? "") }];
      const named = /^(Get|Put|Delete)Function/.test(operation);
      return [
        { action: `lambda:${operation}`, resource: named ? functionArn(input.FunctionName ?? "") : "*" },
      ];
    },
    accept(arn, delivery) {
      asynchronous.enqueue(fleetOf(arn).definition.name, readPayload(delivery.payload));
    },
    routes: { [PREFIX]: functionUrls(kernel, fleets, nameOf) },
    resume() {
      // Build in the background, so that the first invocations do not wait.
      void warmUp(fleets.values());
      asynchronous.resume();
      mappings.start();
    },
    async stop() {
      const fleetsStopping = [...fleets.values()].map((fleet) => fleet.stop());
      await Promise.all([mappings.stop(), ...fleetsStopping, asynchronous.stop(), bundler.whenIdle()]);
      await meter.flush();
    },
  };
}

interface InvokeInput {
  FunctionName?: string;
  InvocationType?: "RequestResponse" | "Event" | "DryRun";
  LogType?: "None" | "Tail";
  ClientContext?: string;
  Qualifier?: string;
  Payload?: Uint8Array | string;
}

function readPayload(payload: Uint8Array | string | undefined): string {
  const text =
    payload === undefined ? "" : typeof payload === "string" ? payload : Buffer.from(payload).toString();
  if (text.trim() === "") return "{}";
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as Error).message}`,
      { fields: { Type: "User" }, cause: error },
    );
  }
  return text;
}

async function warmUp(fleets: Iterable<Fleet>) {
  for (const fleet of fleets) await fleet.warmUp();
}

function countConcurrency(limit: number) {
  const used = new Map<string, number>();
  let total = 0;
  return {
    acquire({ name, reserved }: Definition) {
      const current = used.get(name) ?? 0;
      if (reserved !== undefined && current >= reserved)
        throw tooMany(`the reserved concurrency of ${name} is ${reserved}`);
      if (total >= limit) throw tooMany(`the account's concurrency is ${limit}`);
      used.set(name, current + 1);
      total++;
    },
    release({ name }: Definition) {
      used.set(name, used.get(name)! - 1);
      total--;
    },
  };
}
