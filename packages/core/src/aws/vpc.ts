import type { VpcConfig } from "@aws-sdk/client-sagemaker";
import { linked, linkedOption } from "./link.ts";

/** The VPC of jobs or endpoints, in the link of their role. Undefined when the deployment declares none. */
export function vpcConfig(link: "Hosting" | "Training"): VpcConfig | undefined {
  const subnets = linkedOption(link, "subnets");
  if (!subnets) return undefined;
  return { Subnets: subnets.split(","), SecurityGroupIds: linked(link, "securityGroups").split(",") };
}
