import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { identityPolicies } from "./iam/policies.ts";
import type { Graph } from "./kernel/graph.ts";
import { testCloud, type TestCloud } from "./kernel/testing-cloud.ts";

// The graph that the project deploys, as committed.
const root = path.resolve(import.meta.dirname, "../../..");
const graph = JSON.parse(readFileSync(path.join(root, "infra/cloud.lock.json"), "utf8")) as Graph;

let cloud: TestCloud;
afterEach(() => cloud.dispose());

test("every resource of the project's graph starts, with all references resolved and none ignored", async () => {
  cloud = await testCloud({ root, graph });
  const health: any = await (await fetch(`${cloud.endpoint}/_cloud/health`)).json();
  expect(health.ignored).toEqual([]);
  const { graph: resolved } = cloud.kernel;
  const left = graph.resources.filter(({ name }) =>
    /\$\{\w+\.\w+\}/.test(JSON.stringify(resolved.find(name))),
  );
  expect(left).toEqual([]);
  expect(JSON.stringify(resolved.functions)).not.toMatch(/\$\{\w+\.\w+\}/);
  for (const role of resolved.all("aws:iam/role:Role"))
    expect(identityPolicies(role.attributes.arn!, resolved)?.length, role.name).toBeGreaterThan(0);
  expect(cloud.problems).toEqual([]);
});

test("a function's role may do only what its policies allow", async () => {
  cloud = await testCloud({ root, graph });
  const { kernel } = cloud;
  for (const fn of kernel.graph.all("aws:lambda/function:Function")) {
    const role = { kind: "role" as const, arn: fn.inputs.role as string, session: fn.name };
    await expect(kernel.call("s3", "DeleteBucket", { Bucket: "any" }, role), fn.name).rejects.toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("is not authorized to perform: s3:DeleteBucket"),
    });
  }
});

test("a path with invalid percent-encoding gets a 4xx response on every route", async () => {
  cloud = await testCloud({ root, graph });
  const prefixes = [
    ...[...cloud.kernel.services.values()].flatMap((service) => Object.keys(service.routes ?? {})),
    "/_cloud/",
    "/",
    "/some-bucket/",
    "/2015-03-31/functions/",
    "/endpoints/",
  ];
  expect(prefixes).toEqual(expect.arrayContaining(["/_api/", "/_url/", "/_site/"]));
  for (const prefix of prefixes)
    for (const text of ["%zz", "%C0%80", "%E0%A4%A", "%"]) {
      const { status } = await fetch(`${cloud.endpoint}${prefix}${text}/x`);
      expect(status, prefix + text).toBeGreaterThanOrEqual(400);
      expect(status, prefix + text).toBeLessThan(500);
    }
  expect(cloud.problems).toEqual([]);
});
