// The graph's buses, rules and targets, as inputs of the API.
import type { ResolvedGraph } from "../../kernel/graph.ts";
import { checkPattern, checkSchedule } from "./check.ts";
import { checkTarget } from "./target.ts";
import type { RuleInput } from "./rules.ts";

const busName = (given: unknown) => String(given ?? "default").replace(/^arn:.*:event-bus\//, "");

export const declaredBuses = (graph: ResolvedGraph) =>
  graph.all("aws:cloudwatch/eventBus:EventBus").map(({ inputs, attributes }) => ({
    name: attributes.name!,
    description: inputs.description as string | undefined,
    tags: inputs.tags as object | undefined,
  }));

export const declaredRules = (graph: ResolvedGraph): RuleInput[] =>
  graph.all("aws:cloudwatch/eventRule:EventRule").map(({ name, inputs, attributes }) =>
    withResourceName(name, () => {
      const pattern = asText(inputs.eventPattern);
      const schedule = inputs.scheduleExpression as string | undefined;
      if (pattern !== undefined) checkPattern(pattern);
      if (schedule !== undefined) checkSchedule(schedule);
      return {
        bus: busName(inputs.eventBusName),
        name: attributes.name!,
        pattern,
        schedule,
        state: inputs.state ?? (inputs.isEnabled === false ? "DISABLED" : "ENABLED"),
        description: inputs.description,
        role: inputs.roleArn,
        tags: inputs.tags,
        origin: "graph",
      };
    }),
  );

export const declaredTargets = (graph: ResolvedGraph) =>
  graph.all("aws:cloudwatch/eventTarget:EventTarget").map(({ name, inputs }) =>
    withResourceName(name, () => {
      const { inputTransformer, sqsTarget, deadLetterConfig, retryPolicy } = inputs;
      const target = {
        Id: inputs.targetId ?? name,
        Arn: inputs.arn,
        RoleArn: inputs.roleArn,
        Input: inputs.input,
        InputPath: inputs.inputPath,
        InputTransformer: inputTransformer && {
          InputPathsMap: inputTransformer.inputPaths,
          InputTemplate: inputTransformer.inputTemplate,
        },
        SqsParameters: sqsTarget && { MessageGroupId: sqsTarget.messageGroupId },
        DeadLetterConfig: deadLetterConfig && { Arn: deadLetterConfig.arn },
        RetryPolicy: retryPolicy && {
          MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
          MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
        },
      };
      checkTarget(target);
      return { bus: busName(inputs.eventBusName), rule: String(inputs.rule).split("/").at(-1)!, target };
    }),
  );

/** Adds the resource's name to errors, which fail the start. */
function withResourceName<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

const asText = (value: unknown) =>
  value == null ? undefined : typeof value === "string" ? value : JSON.stringify(value);
