// S3's event goes to the queue of every model that accepts the key: one upload can become several predictions.
import { queues } from "./queues.ts";
import { uploads } from "./storage.ts";

const ONE_DAY = 86_400;

for (const { model, name, queue, deadLetters } of queues) {
  const rule = new aws.cloudwatch.EventRule(`${name}Uploads`, {
    description: `Uploads for the model ${model.name}`,
    eventPattern: $jsonStringify({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [uploads.name] },
        object: { key: model.accepts.prefixes.map((prefix) => ({ prefix })) },
      },
    }),
  });

  new aws.cloudwatch.EventTarget(`${name}UploadsTarget`, {
    rule: rule.name,
    arn: queue.arn,
    retryPolicy: { maximumEventAgeInSeconds: ONE_DAY, maximumRetryAttempts: 185 },
    deadLetterConfig: { arn: deadLetters.arn },
  });

  for (const [suffix, target] of [
    ["Queue", queue],
    ["DeadLetters", deadLetters],
  ] as const) {
    new aws.sqs.QueuePolicy(`${name}Uploads${suffix}Policy`, {
      queueUrl: target.url,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ["sqs:SendMessage"],
            resources: [target.arn],
            principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
            conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [rule.arn] }],
          },
        ],
      }).json,
    });
  }
}
