// Sends a text to a destination with the function's role, so that missing permissions fail as on AWS.
import { notImplemented } from "../../kernel/error.ts";
import type { Kernel, Principal } from "../../kernel/service.ts";

export async function sendToDestination(
  kernel: Kernel,
  arn: string,
  body: string,
  as: Principal,
  attributes: Record<string, string> = {},
) {
  const [, , service, , account, ...rest] = arn.split(":");
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  if (service === "sqs") {
    const QueueUrl = `${kernel.cloud.endpoint}/${account}/${rest.join(":")}`;
    return kernel.call("sqs", "SendMessage", { QueueUrl, MessageBody: body, MessageAttributes }, as);
  }
  if (service === "sns")
    return kernel.call("sns", "Publish", { TopicArn: arn, Message: body, MessageAttributes }, as);
  if (service === "lambda")
    return kernel.call(
      "lambda",
      "Invoke",
      { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(body) },
      as,
    );
  if (service === "events") {
    const { requestContext } = JSON.parse(body) as {
      requestContext: { functionArn: string; condition: string };
    };
    const outcome = requestContext.condition === "Success" ? "Success" : "Failure";
    const entry = {
      EventBusName: arn,
      Source: "lambda",
      DetailType: `Lambda Function Invocation Result - ${outcome}`,
      Resources: [arn, requestContext.functionArn],
      Detail: body,
    };
    return kernel.call("events", "PutEvents", { Entries: [entry] }, as);
  }
  throw notImplemented(`lambda destinations of the kind ${arn}`);
}
