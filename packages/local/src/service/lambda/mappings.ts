// All event-source mappings: those of the graph, and those created by API calls, which are stored.
import { randomUUID } from "node:crypto";
import { AwsError, notImplemented } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import { describeMapping } from "./describe.ts";
import type { Fleet } from "./fleet.ts";
import { createPoller, type Mapping, type Poller } from "./mapping.ts";

interface MappingInputs {
  eventSourceArn: string;
  functionName: string;
  enabled?: boolean;
  batchSize?: number;
  maximumBatchingWindowInSeconds?: number;
  functionResponseTypes?: string[];
  scalingConfig?: { maximumConcurrency?: number };
  filterCriteria?: { filters?: unknown[] };
}

interface CreateInput {
  EventSourceArn: string;
  FunctionName: string;
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  FilterCriteria?: { Filters?: unknown[] };
}

export function openMappings(kernel: Kernel, fleetOf: (reference: string) => Fleet) {
  const { store, clock } = kernel;
  store.define(
    "create table if not exists lambda_mappings (id text primary key, mapping text not null) strict",
  );
  const mappings = new Map<string, Mapping>();
  const pollers = new Map<string, Poller>();

  const add = (mapping: Mapping) => {
    mappings.set(mapping.uuid, mapping);
    if (mapping.enabled)
      pollers.set(mapping.uuid, createPoller(kernel, mapping, fleetOf(mapping.functionName)));
  };

  function read(uuid: string, inputs: MappingInputs): Mapping {
    if (inputs.eventSourceArn.split(":")[2] !== "sqs")
      throw notImplemented(`event-source mappings of ${inputs.eventSourceArn}: only SQS queues can be read`);
    if (inputs.filterCriteria?.filters?.length)
      throw notImplemented("filter criteria of event-source mappings");
    return {
      uuid,
      queueArn: inputs.eventSourceArn,
      functionName: fleetOf(inputs.functionName).definition.name,
      enabled: inputs.enabled ?? true,
      batchSize: inputs.batchSize ?? 10,
      windowS: inputs.maximumBatchingWindowInSeconds ?? 0,
      reportsItems: inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
      concurrency: inputs.scalingConfig?.maximumConcurrency,
      changedAt: clock.now(),
    };
  }

  const describe = (mapping: Mapping) => describeMapping(mapping, (name) => fleetOf(name).definition.arn);
  const find = (uuid: string): Mapping => {
    const mapping = mappings.get(uuid);
    if (mapping) return mapping;
    throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", {
      status: 404,
    });
  };

  for (const { inputs, attributes } of kernel.graph.all<MappingInputs>(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
  ))
    add(read(attributes.uuid!, inputs));
  for (const { mapping } of store.all<{ mapping: string }>("select mapping from lambda_mappings"))
    add(JSON.parse(mapping) as Mapping);

  return {
    create(input: CreateInput) {
      const mapping = read(randomUUID(), {
        eventSourceArn: input.EventSourceArn,
        functionName: input.FunctionName,
        enabled: input.Enabled,
        batchSize: input.BatchSize,
        maximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds,
        functionResponseTypes: input.FunctionResponseTypes,
        scalingConfig: { maximumConcurrency: input.ScalingConfig?.MaximumConcurrency },
        filterCriteria: { filters: input.FilterCriteria?.Filters },
      });
      const same = [...mappings.values()].find(
        ({ queueArn, functionName }) =>
          queueArn === mapping.queueArn && functionName === mapping.functionName,
      );
      if (same)
        throw new AwsError(
          "ResourceConflictException",
          `An event source mapping with event source arn (" ${same.queueArn} ") and function name (" ${same.functionName} ") already exists. Please update or delete the existing mapping with UUID ${same.uuid}`,
          { status: 409 },
        );
      store.run`insert into lambda_mappings values (${mapping.uuid}, ${JSON.stringify(mapping)})`;
      add(mapping);
      pollers.get(mapping.uuid)?.start();
      return { ...describe(mapping), $metadata: { httpStatusCode: 202 } };
    },
    async remove(uuid: string) {
      const mapping = find(uuid);
      store.run`delete from lambda_mappings where id = ${uuid}`;
      mappings.delete(uuid);
      await pollers.get(uuid)?.stop();
      pollers.delete(uuid);
      return { ...describe(mapping), State: "Deleting" };
    },
    get: (uuid: string) => describe(find(uuid)),
    list: (functionName?: string, queueArn?: string) =>
      [...mappings.values()]
        .filter((mapping) => !functionName || mapping.functionName === functionName)
        .filter((mapping) => !queueArn || mapping.queueArn === queueArn)
        .map(describe),
    start: () => pollers.forEach((poller) => poller.start()),
    stop: () => Promise.all([...pollers.values()].map((poller) => poller.stop())),
  };
}
