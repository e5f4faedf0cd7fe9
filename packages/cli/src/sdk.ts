// How an AWS SDK client reaches the target: the local cloud by its own address and keys, AWS by the SDK's defaults.
import type { Target } from "./target.ts";

export function sdkConfig({ environment }: Target) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  if (!AWS_ENDPOINT_URL) return {};
  return {
    endpoint: AWS_ENDPOINT_URL,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
  };
}
