// What the records hold (times as epoch milliseconds), and the checks every operation shares.
import type {
  AsyncInferenceConfig,
  ContainerDefinition,
  DeploymentConfig,
  ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import { AwsError, notImplemented } from "../../kernel/error.ts";
import type { CloudContext } from "../../kernel/service.ts";
import type { Kind } from "./records.ts";
import { NAME } from "./limits.ts";

export interface Model {
  name: string;
  arn: string;
  container: ContainerDefinition;
  roleArn: string;
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
  /** The config an update is moving to; the old one serves until the new one answers. */
  nextConfig?: string;
  /** What the new config's variants keep of the old one's: nothing, unless the update asks for it. */
  retain?: { weights: boolean; counts: boolean };
  /** How the last update moved its traffic, or the running one does. */
  deployment?: DeploymentConfig;
  status: EndpointStatus;
  failure?: string;
  weights: Record<string, number>;
  /** Instances by variant, where they were changed. */
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
  return `arn:${cloud.partition}:sagemaker:${cloud.region}:${cloud.account}:${kind}/${name.toLowerCase()}`;
}

/** Members that would change behaviour and are not carried out must not pass in silence. */
export function refuseMembers(operation: string, input: object, handled: readonly string[]) {
  for (const [member, value] of Object.entries(input))
    if (value !== undefined && !handled.includes(member))
      throw notImplemented(`sagemaker ${operation} with ${member}`);
}
