import type { Target } from "./target.ts";

/** Configuration of an AWS SDK client: the local cloud's endpoint and keys, or the SDK's defaults for AWS. */
export function sdkConfig({ environment }: Target) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  if (!AWS_ENDPOINT_URL) return {};
  return {
    endpoint: AWS_ENDPOINT_URL,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
  };
}
