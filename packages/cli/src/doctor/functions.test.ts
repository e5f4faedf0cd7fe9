import { expect, test } from "vitest";
import { compareFunction } from "./functions.ts";
import { findDeployedName } from "./graph.ts";
import { checkNode } from "./machine.ts";

const declared = {
  logical: "CatsInferFunction",
  timeout: 120,
  memory: 1024,
  environment: ["SLUICE_MODEL", "SST_RESOURCE_App"],
};
const running = {
  Timeout: 120,
  MemorySize: 1024,
  Role: "arn:aws:iam::000000000000:role/sluice-prod-CatsInferRole-abcdefgh",
  Environment: { Variables: { SLUICE_MODEL: "cats", SST_RESOURCE_App: "{}", MORE: "1" } },
};

test("a function that matches its declaration has no differences", () => {
  expect(compareFunction(declared, running)).toEqual([]);
});

test.each([
  ["timeout", { Timeout: 3 }, "its timeout is 3 s instead of 120 s"],
  ["memory", { MemorySize: 128 }, "its memory is 128 MB instead of 1024 MB"],
  [
    "role",
    { Role: "arn:aws:iam::1:role/admin" },
    "its role is arn:aws:iam::1:role/admin instead of its CatsInferRole",
  ],
  [
    "environment",
    { Environment: { Variables: { SST_RESOURCE_App: "{}" } } },
    "these environment variables are missing: SLUICE_MODEL",
  ],
  ["state", { State: "Failed" as const, StateReason: "no image" }, "its state is Failed: no image"],
])("a different %s is reported", (_, change, difference) => {
  expect(compareFunction(declared, { ...running, ...change })).toEqual([difference]);
});

test("a resource is found by its name, with or without a hash suffix of SST", () => {
  const target = { app: "sluice", stage: "prod" };
  const names = ["sluice-prod-uploadsbucketing", "sluice-prod-uploadsbucket-bxtkhfrz"];
  expect(findDeployedName(names, target, "uploadsbucket")).toBe(names[1]);
  expect(findDeployedName(["sluice-prod-Table"], target, "Table")).toBe("sluice-prod-Table");
  expect(findDeployedName(["sluice-other-Table"], target, "Table")).toBeUndefined();
});

test("an old Node version fails the check, with the version to install", () => {
  expect(checkNode("22.20.0")).toMatchObject([{ status: "fail", fix: expect.stringContaining("24") }]);
  expect(checkNode("24.0.0")).toMatchObject([{ status: "ok" }]);
});
