// Notifications about asynchronous requests, sent to the endpoint's SNS topics.
import type { AsyncInferenceConfig } from "@aws-sdk/client-sagemaker";
import type { Kernel, Principal } from "../../../kernel/service.ts";
import type { AsyncRequest } from "./request.ts";

export async function publishNotification(
  kernel: Kernel,
  principal: Principal,
  config: AsyncInferenceConfig | undefined,
  request: AsyncRequest,
  failure: Error | undefined,
) {
  const topics = config?.OutputConfig?.NotificationConfig;
  const topic = failure ? topics?.ErrorTopic : topics?.SuccessTopic;
  if (!topic) return;
  const message = {
    awsRegion: kernel.cloud.region,
    eventTime: new Date(kernel.clock.now()).toISOString(),
    receivedTime: new Date(request.received).toISOString(),
    invocationStatus: failure ? "Failed" : "Completed",
    ...(failure && { failureReason: failure.message }),
    requestParameters: {
      contentType: request.contentType,
      accept: request.accept,
      customAttributes: request.customAttributes,
      endpointName: request.endpoint,
      inputLocation: request.input,
    },
    responseParameters: failure ? undefined : { outputLocation: request.output },
    inferenceId: request.inferenceId,
    eventVersion: "1.0",
    eventSource: "aws:sagemaker",
    eventName: "InferenceResult",
  };
  await kernel
    .call("sns", "Publish", { TopicArn: topic, Message: JSON.stringify(message) }, principal)
    .catch((error: Error) =>
      kernel.log("warn", `${topic} could not be notified of ${request.inferenceId}: ${error.message}`),
    );
}
