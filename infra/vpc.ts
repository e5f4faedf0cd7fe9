// What a declared VPC adds: permissions of SageMaker's roles, the links of jobs and endpoints, and VPC endpoints.
import { arnOf, partition, region } from "./account.ts";
import { vpc } from "./settings.ts";
import { ownName } from "./stage.ts";

/** Of a link whose functions create jobs or models: core puts them into its requests. */
export const vpcProperties = vpc && {
  subnets: vpc.subnets.join(","),
  securityGroups: vpc.securityGroups.join(","),
};

/** Another account of the organization may own a shared subnet and its security groups. */
const shared = (kind: string, ids: string[]) =>
  ids.map((id) => $interpolate`arn:${partition}:ec2:${region}:*:${kind}/${id}`);
const interfaces = arnOf("ec2", "network-interface/*");

/** Of SageMaker's roles: it attaches jobs and endpoints to the VPC with them. */
export const networkStatements = vpc
  ? [
      {
        actions: ["ec2:CreateNetworkInterface"],
        resources: [
          interfaces,
          ...shared("subnet", vpc.subnets),
          ...shared("security-group", vpc.securityGroups),
        ],
      },
      {
        actions: ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
        resources: [interfaces],
      },
      // These actions have no resources.
      {
        actions: [
          "ec2:DeleteNetworkInterfacePermission",
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
        ],
        resources: ["*"],
      },
    ]
  : [];

/**
 * The services that functions call. API Gateway is none of them: its VPC endpoint rejects calls of WebSocket APIs and of
 * every other public API in the VPC. SageMaker pulls images and writes logs outside the VPC.
 */
const GATEWAYS = ["dynamodb", "s3"];
const INTERFACES = [
  "application-autoscaling",
  "events",
  "logs",
  "monitoring",
  "sagemaker.api",
  "sagemaker.runtime",
  "sns",
  "sqs",
];

const endpointName = (service: string) => `VpcEndpoint-${service.replace(".", "-")}`;

if (vpc?.endpoints) {
  const { subnets, securityGroups } = vpc;
  const { vpc: vpcId, routeTables: routeTableIds } = vpc.endpoints;
  const serviceOf = (service: string) => $interpolate`com.amazonaws.${region}.${service}`;
  for (const service of GATEWAYS)
    new aws.ec2.VpcEndpoint(endpointName(service), {
      vpcId,
      vpcEndpointType: "Gateway",
      serviceName: serviceOf(service),
      routeTableIds,
    });
  const group = new aws.ec2.SecurityGroup("VpcEndpoints", {
    name: ownName("VpcEndpoints"),
    description: "HTTPS from the functions, jobs and endpoints of Sluice",
    vpcId,
    ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, securityGroups }],
  });
  for (const service of INTERFACES)
    new aws.ec2.VpcEndpoint(endpointName(service), {
      vpcId,
      vpcEndpointType: "Interface",
      serviceName: serviceOf(service),
      subnetIds: subnets,
      securityGroupIds: [group.id],
      privateDnsEnabled: true,
    });
}
