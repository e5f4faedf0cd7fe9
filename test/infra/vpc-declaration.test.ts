import { describe, expect, test } from "vitest";
import { checkTargets, readVpc } from "../../infra/vpc-declaration.ts";

const subnets = ["subnet-0123456789abcdef0", "subnet-0a1b2c3d"];
const group = "sg-0123456789abcdef0";
const inVpc = { SLUICE_VPC_SUBNETS: subnets.join(", "), SLUICE_VPC_SECURITY_GROUPS: group };
const vpc = "vpc-0123456789abcdef0";
const table = "rtb-0123456789abcdef0";
const id = (at: number) => `subnet-${at.toString(16).padStart(8, "0")}`;

describe("The declaration of a VPC", () => {
  test("is absent by default, and when its settings are empty", () => {
    expect(readVpc({ SLUICE_ALERT_EMAIL: "a@example.com" })).toBeUndefined();
    expect(readVpc({ SLUICE_VPC_SUBNETS: "", SLUICE_VPC_SECURITY_GROUPS: " " })).toBeUndefined();
  });

  test("names subnets and security groups, with endpoints on request", () => {
    expect(readVpc(inVpc)).toEqual({ subnets, securityGroups: [group] });
    expect(readVpc({ ...inVpc, SLUICE_VPC_ENDPOINTS: vpc, SLUICE_VPC_ROUTE_TABLES: table })).toEqual({
      subnets,
      securityGroups: [group],
      endpoints: { vpc, routeTables: [table] },
    });
    expect(
      readVpc({ ...inVpc, SLUICE_VPC_SUBNETS: Array.from({ length: 16 }, (_, at) => id(at)).join() })
        ?.subnets,
    ).toHaveLength(16);
  });

  test.each([
    ["SLUICE_VPC_SECURITY_GROUPS", { SLUICE_VPC_SUBNETS: subnets[0] }],
    ["SLUICE_VPC_SUBNETS", { SLUICE_VPC_SECURITY_GROUPS: group }],
    ["SLUICE_VPC_SUBNETS", { SLUICE_VPC_ENDPOINTS: vpc, SLUICE_VPC_ROUTE_TABLES: table }],
    ["SLUICE_VPC_ROUTE_TABLES", { ...inVpc, SLUICE_VPC_ENDPOINTS: vpc }],
    ["SLUICE_VPC_ENDPOINTS", { ...inVpc, SLUICE_VPC_ROUTE_TABLES: table }],
  ])("is incomplete without %s", (name, environment) => {
    expect(() => readVpc(environment)).toThrow(new RegExp(`^${name} is not set.* ids? such as .*-0123`));
  });

  test.each([
    ["SLUICE_VPC_SUBNETS", "subnet-1", '"subnet-1" is not such an id'],
    ["SLUICE_VPC_SUBNETS", `${subnets[0]},`, '"" is not such an id'],
    ["SLUICE_VPC_SUBNETS", group, `"${group}" is not such an id`],
    ["SLUICE_VPC_SUBNETS", `${subnets[0]},${subnets[0]}`, "an id is repeated"],
    ["SLUICE_VPC_SUBNETS", Array.from({ length: 17 }, (_, at) => id(at)).join(), "it has 17"],
    [
      "SLUICE_VPC_SECURITY_GROUPS",
      Array.from({ length: 6 }, (_, at) => id(at).replace("subnet", "sg")).join(),
      "it has 6",
    ],
    ["SLUICE_VPC_ENDPOINTS", "true", '"true" is not such an id'],
    ["SLUICE_VPC_ROUTE_TABLES", vpc, `"${vpc}" is not such an id`],
  ])("rejects %s=%s", (name, value, problem) => {
    expect(() => readVpc({ ...inVpc, [name]: value })).toThrow(
      new RegExp(`^${name} must be .* such as .*, but it is "${value}": ${problem}\\.$`),
    );
  });
});

test("A VPC rejects declared serverless endpoints with their names", () => {
  const model = (name: string, target: string) => ({ name, hosting: { target } });
  checkTargets([model("a", "realtime"), model("b", "async"), model("c", "local")]);
  expect(() =>
    checkTargets([model("cats", "serverless"), model("b", "async"), model("text", "serverless")]),
  ).toThrow(/serverless endpoints cannot be in a VPC: cats, text\. Declare .*realtime.*async/);
});
