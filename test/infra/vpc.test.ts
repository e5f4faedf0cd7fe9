// What infra/ declares in a VPC. The committed graph has none, so SST's globals are replaced by records of their arguments.
import { beforeEach, expect, test, vi } from "vitest";

const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const GROUP = "sg-0123456789abcdef0";
const VPC = "vpc-0123456789abcdef0";
const TABLE = "rtb-0123456789abcdef0";

vi.mock("@sluice/models/index.ts", () => ({ models: [{ name: "cats", hosting: { target: "realtime" } }] }));

let created: { type: string; name: string; args: Record<string, unknown> }[];

beforeEach(() => {
  created = [];
  const record = (type: string) =>
    class {
      readonly id = type;
      constructor(name: string, args: Record<string, unknown>) {
        created.push({ type, name, args });
      }
    };
  vi.resetModules();
  vi.unstubAllEnvs();
  vi.stubGlobal("$app", { name: "sluice", stage: "test" });
  vi.stubGlobal("$interpolate", (parts: TemplateStringsArray, ...values: unknown[]) =>
    String.raw({ raw: parts }, ...values),
  );
  vi.stubGlobal("aws", {
    getRegionOutput: () => ({ region: "eu-west-1" }),
    getCallerIdentityOutput: () => ({ accountId: "111122223333" }),
    getPartitionOutput: () => ({ partition: "aws-us-gov" }),
    ec2: { VpcEndpoint: record("endpoint"), SecurityGroup: record("group") },
  });
});

function declare(more: Record<string, string> = {}) {
  vi.stubEnv("SLUICE_VPC_SUBNETS", SUBNETS.join());
  vi.stubEnv("SLUICE_VPC_SECURITY_GROUPS", GROUP);
  for (const [name, value] of Object.entries(more)) vi.stubEnv(name, value);
}

interface Declared {
  settings: { vpc?: object };
  vpcProperties?: object;
  networkStatements: { actions: string[]; resources: string[] }[];
}
/** Types of infra/ come from SST's platform, which the tests do not install. */
const load = async (): Promise<Declared> => {
  const modules = ["vpc", "function"].map((file) => import(`../../infra/${file}.ts`) as Promise<object>);
  return Object.assign({}, ...(await Promise.all(modules))) as Declared;
};

test("nothing is declared by default", async () => {
  const { networkStatements, settings, vpcProperties } = await load();
  expect(networkStatements).toEqual([]);
  expect(settings).not.toHaveProperty("vpc");
  expect(vpcProperties).toBeUndefined();
  expect(created).toEqual([]);
});

test("functions, links and SageMaker's roles receive the subnets and groups", async () => {
  declare();
  const { networkStatements, settings, vpcProperties } = await load();
  expect(settings.vpc).toEqual({ privateSubnets: SUBNETS, securityGroups: [GROUP] });
  expect(vpcProperties).toEqual({ subnets: SUBNETS.join(), securityGroups: GROUP });
  const ofAccount = "arn:aws-us-gov:ec2:eu-west-1:111122223333:network-interface/*";
  const shared = "arn:aws-us-gov:ec2:eu-west-1:*";
  expect(networkStatements.map(({ actions, resources }) => [actions, resources])).toEqual([
    [
      ["ec2:CreateNetworkInterface"],
      [ofAccount, ...SUBNETS.map((id) => `${shared}:subnet/${id}`), `${shared}:security-group/${GROUP}`],
    ],
    [["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"], [ofAccount]],
    [
      [
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      ["*"],
    ],
  ]);
  expect(created).toEqual([]);
});

test("VPC endpoints are created on request, for the services that functions call", async () => {
  declare({ SLUICE_VPC_ENDPOINTS: VPC, SLUICE_VPC_ROUTE_TABLES: TABLE });
  await load();
  const endpoints = created.filter(({ type }) => type === "endpoint").map(({ args }) => args);
  const services = (type: string) =>
    endpoints
      .filter(({ vpcEndpointType }) => vpcEndpointType === type)
      .map(({ serviceName }) => String(serviceName).replace("com.amazonaws.eu-west-1.", ""));
  expect(services("Gateway")).toEqual(["dynamodb", "s3"]);
  expect(services("Interface")).toEqual([
    "application-autoscaling",
    "events",
    "logs",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "sns",
    "sqs",
  ]);
  for (const args of endpoints)
    expect(args).toMatchObject(
      args["vpcEndpointType"] === "Gateway"
        ? { vpcId: VPC, routeTableIds: [TABLE] }
        : { vpcId: VPC, subnetIds: SUBNETS, securityGroupIds: ["group"], privateDnsEnabled: true },
    );
  expect(created.filter(({ type }) => type === "group")).toMatchObject([
    {
      args: {
        vpcId: VPC,
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, securityGroups: [GROUP] }],
      },
    },
  ]);
});

test("an incomplete declaration is an error of the deployment", async () => {
  vi.stubEnv("SLUICE_VPC_SUBNETS", SUBNETS.join());
  await expect(load()).rejects.toThrow(/^SLUICE_VPC_SECURITY_GROUPS is not set/);
});
