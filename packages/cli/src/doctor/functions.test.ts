import { expect, test } from "vitest";
import { compare } from "./functions.ts";
import { deployedAs } from "./graph.ts";
import { node } from "./machine.ts";

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

test("a function as declared differs in nothing", () => {
  expect(compare(declared, running)).toEqual([]);
});

test.each([
  ["timeout", { Timeout: 3 }, "its timeout is 3 s, declared 120 s"],
  ["memory", { MemorySize: 128 }, "its memory is 128 MB, declared 1024 MB"],
  [
    "role",
    { Role: "arn:aws:iam::1:role/admin" },
    "it runs as arn:aws:iam::1:role/admin, not as its CatsInferRole",
  ],
  [
    "environment",
    { Environment: { Variables: { SST_RESOURCE_App: "{}" } } },
    "it misses the environment variables SLUICE_MODEL",
  ],
  ["state", { State: "Failed" as const, StateReason: "no image" }, "it is Failed: no image"],
])("another %s is named", (_, change, difference) => {
  expect(compare(declared, { ...running, ...change })).toEqual([difference]);
});

test("a resource is found under its plain name and under one that SST ended on a hash", () => {
  const place = { app: "sluice", stage: "prod" };
  const names = ["sluice-prod-uploadsbucketing", "sluice-prod-uploadsbucket-bxtkhfrz"];
  expect(deployedAs(names, place, "uploadsbucket")).toBe(names[1]);
  expect(deployedAs(["sluice-prod-Table"], place, "Table")).toBe("sluice-prod-Table");
  expect(deployedAs(["sluice-other-Table"], place, "Table")).toBeUndefined();
});

test("a Node that is too old is told what to install", () => {
  expect(node("22.20.0")).toMatchObject([{ status: "fail", fix: expect.stringContaining("24") }]);
  expect(node("24.0.0")).toMatchObject([{ status: "ok" }]);
});
