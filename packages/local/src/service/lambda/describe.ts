// Functions and event-source mappings as outputs of the API.
import type { Definition } from "./definition.ts";
import type { Mapping } from "./mapping.ts";

export function describeFunction(definition: Definition) {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: "nodejs24.x",
    Role: definition.role,
    Handler: definition.handler,
    Description: definition.description ?? "",
    Timeout: definition.timeoutMs / 1000,
    MemorySize: definition.memoryMb,
    Environment: { Variables: definition.environment },
    PackageType: "Zip",
    Architectures: [definition.architecture],
    Version: "$LATEST",
    State: "Active",
    LastUpdateStatus: "Successful",
    LoggingConfig: { LogFormat: definition.logFormat, LogGroup: definition.logGroup },
    ...(definition.deadLetterArn && { DeadLetterConfig: { TargetArn: definition.deadLetterArn } }),
  };
}

export function describeMapping(mapping: Mapping, arnOf: (name: string) => string) {
  return {
    UUID: mapping.uuid,
    EventSourceArn: mapping.queueArn,
    FunctionArn: arnOf(mapping.functionName),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowS,
    FunctionResponseTypes: mapping.reportsItems ? ["ReportBatchItemFailures"] : [],
    ...(mapping.concurrency && { ScalingConfig: { MaximumConcurrency: mapping.concurrency } }),
    State: mapping.enabled ? "Enabled" : "Disabled",
    StateTransitionReason: "USER_INITIATED",
    LastModified: new Date(mapping.changedAt),
  };
}
