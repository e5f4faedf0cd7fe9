import { vpc } from "./settings.ts";
import { logRetention } from "./stage.ts";

/** The settings of all functions. Links only carry values; each function lists its own `permissions`. */
export const settings = {
  runtime: "nodejs24.x",
  // A fifth cheaper than x86.
  architecture: "arm64",
  logging: { retention: logRetention },
  nodejs: { minify: true },
  // SST attaches AWSLambdaVPCAccessExecutionRole, whose actions on network interfaces Lambda needs.
  ...(vpc && { vpc: { privateSubnets: vpc.subnets, securityGroups: vpc.securityGroups } }),
} satisfies Partial<sst.aws.FunctionArgs>;
