// How an event reaches a function or a queue: a rule, a permission, and dead letters.
import { eventDeadLetters, type QueueWithDeadLetters } from "./queues.ts";
import { ownName } from "./stage.ts";
import { uploads } from "./storage.ts";

/** The permission of a function whose failed events are stored. */
export const storeFailures = { actions: ["sqs:SendMessage"], resources: [eventDeadLetters.arn] };

const ONE_DAY = 86_400;
/** EventBridge's default, and its maximum. */
const retryPolicy = { maximumEventAgeInSeconds: ONE_DAY, maximumRetryAttempts: 185 };

/** Rules whose failed events are stored. */
const rules: $util.Output<string>[] = [];

interface Subscription {
  fn: sst.aws.Function;
  pattern: object;
  /** Default: the default bus, for AWS's own events. */
  bus?: $util.Input<string>;
}

export function onEvent(name: string, { fn, pattern, bus }: Subscription) {
  const rule = new aws.cloudwatch.EventRule(name, {
    name: ownName(name),
    eventBusName: bus,
    eventPattern: JSON.stringify(pattern),
  });
  rules.push(rule.arn);
  new aws.cloudwatch.EventTarget(`${name}Target`, {
    rule: rule.name,
    eventBusName: bus,
    arn: fn.arn,
    retryPolicy,
    deadLetterConfig: { arn: eventDeadLetters.arn },
  });
  new aws.lambda.Permission(`${name}Permission`, {
    action: "lambda:InvokeFunction",
    function: fn.name,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
}

/** Stores the events that a function failed on three times. A function has one such destination. */
export function keepFailures(name: string, fn: sst.aws.Function) {
  new aws.lambda.FunctionEventInvokeConfig(`${name}OnFailure`, {
    functionName: fn.name,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: eventDeadLetters.arn } },
  });
}

interface QueueSubscription {
  description: string;
  pattern: object;
  /** Default: the default bus, for AWS's own events. */
  bus?: $util.Input<string>;
  to: QueueWithDeadLetters;
}

/** Sends events to a queue. */
export function queueEvents(name: string, { description, pattern, bus, to }: QueueSubscription) {
  const rule = new aws.cloudwatch.EventRule(name, {
    name: ownName(name),
    description,
    eventBusName: bus,
    eventPattern: $jsonStringify(pattern),
  });
  new aws.cloudwatch.EventTarget(`${name}Target`, {
    rule: rule.name,
    eventBusName: bus,
    arn: to.queue.arn,
    retryPolicy,
    deadLetterConfig: { arn: to.deadLetters.arn },
  });
  allowRules(`${name}Queue`, to.queue, [rule.arn]);
  allowRules(`${name}DeadLetters`, to.deadLetters, [rule.arn]);
}

interface UploadSubscription {
  description: string;
  prefixes: string[];
  to: QueueWithDeadLetters;
}

/** Sends S3's events of uploads with these key prefixes to a queue. */
export function onObjectCreated(name: string, { description, prefixes, to }: UploadSubscription) {
  const pattern = {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: {
      bucket: { name: [uploads.name] },
      object: { key: prefixes.map((prefix) => ({ prefix })) },
    },
  };
  queueEvents(name, { description, pattern, to });
}

/** Call when all rules are declared. */
export const allowFailures = () => allowRules("EventDeadLetters", eventDeadLetters, rules);

/** Lets EventBridge rules send to a queue. */
function allowRules(name: string, queue: sst.aws.Queue, sources: $util.Output<string>[]) {
  new aws.sqs.QueuePolicy(`${name}Policy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: sources }],
        },
      ],
    }).json,
  });
}
