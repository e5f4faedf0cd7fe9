// How an event reaches a function: a rule, the right to invoke it, and dead letters for what could not be delivered.
import { eventDeadLetters } from "./queues.ts";

/** What a function whose failures are kept needs to be allowed. */
export const failed = { actions: ["sqs:SendMessage"], resources: [eventDeadLetters.arn] };

interface Subscription {
  fn: sst.aws.Function;
  pattern: object;
  /** AWS's own events come on the default bus. */
  bus?: $util.Input<string>;
}

export function onEvent(name: string, { fn, pattern, bus }: Subscription) {
  const rule = new aws.cloudwatch.EventRule(name, {
    eventBusName: bus,
    eventPattern: JSON.stringify(pattern),
  });
  new aws.cloudwatch.EventTarget(`${name}Target`, {
    rule: rule.name,
    eventBusName: bus,
    arn: fn.arn,
    retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    deadLetterConfig: { arn: eventDeadLetters.arn },
  });
  new aws.lambda.Permission(`${name}Permission`, {
    action: "lambda:InvokeFunction",
    function: fn.name,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
}

/** What a function was given and failed at, three times, is kept; a function has one such place. */
export function keepFailures(name: string, fn: sst.aws.Function) {
  new aws.lambda.FunctionEventInvokeConfig(`${name}OnFailure`, {
    functionName: fn.name,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: eventDeadLetters.arn } },
  });
}
