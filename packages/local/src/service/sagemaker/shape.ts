// The stored records (times as epoch milliseconds), and checks that all operations share.
import type {
  AsyncInferenceConfig,
  ContainerDefinition,
  DeploymentConfig,
  ProductionVariant,
  VpcConfig,
} from "@aws-sdk/client-sagemaker";
import { AwsError, notImplemented } from "../../kernel/error.ts";
import { arnOf as resourceArn } from "../../kernel/names.ts";
import type { CloudContext } from "../../kernel/service.ts";
import type { Kind } from "./records.ts";
import { NAME } from "./limits.ts";

export interface Model {
  name: string;
  arn: string;
  container: ContainerDefinition;
  roleArn: string;
  vpc?: VpcConfig;
  created: number;
}

export interface EndpointConfig {
  name: string;
  arn: string;
  variants: ProductionVariant[];
  async?: AsyncInferenceConfig;
  created: number;
}

export type EndpointStatus = "Creating" | "Updating" | "RollingBack" | "InService" | "Deleting" | "Failed";

export interface Endpoint {
  name: string;
  arn: string;
  config: string;
  /** The configuration of a running update. */
  nextConfig?: string;
  /** What a running update retains of the old variants. */
  retain?: { weights: boolean; counts: boolean };
  /** The deployment configuration of the last or running update. */
  deployment?: DeploymentConfig;
  status: EndpointStatus;
  failure?: string;
  weights: Record<string, number>;
  /** Instance counts by variant, where they differ from the configuration. */
  counts?: Record<string, number>;
  created: number;
  modified: number;
}

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

export function checkName(member: string, name: string | undefined): string {
  if (name && name.length <= 63 && NAME.test(name)) return name;
  throw invalid(
    `1 validation error detected: Value '${name ?? "null"}' at '${member}' failed to satisfy constraint: ` +
      `Member must satisfy regular expression pattern: ${NAME.source} and have length at most 63`,
  );
}

/** SageMaker writes names in ARNs in lower case. */
export function arnOf(cloud: CloudContext, kind: Kind, name: string): string {
  return resourceArn(cloud, "sagemaker", `${kind}/${name.toLowerCase()}`);
}

/** Rejects members that are not implemented, instead of ignoring them. */
export function refuseMembers(operation: string, input: object, handled: readonly string[]) {
  for (const [member, value] of Object.entries(input))
    if (value !== undefined && !handled.includes(member))
      throw notImplemented(`sagemaker ${operation} with ${member}`);
}
