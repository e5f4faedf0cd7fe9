import { expect, test } from "vitest";
import { changesBetween } from "./changes.ts";

const hosting = {
  target: "serverless" as const,
  memory: 2048,
  concurrency: 5,
  instance: "ml.m5.large",
  autoscaling: { min: 1, max: 3 },
};
const live = { version: "0a1b2c3d4e5f", hosting };
const changes = (more: Partial<Omit<typeof hosting, "target"> & { target: "realtime" | "serverless" }>) =>
  changesBetween(live, { ...live, hosting: { ...hosting, ...more } });

test("a deployment changes the version and the settings of its target", () => {
  expect(changesBetween(undefined, live)).toEqual([]);
  expect(changesBetween(live, { ...live, version: "ffffffffffff" })).toEqual([
    "version 0a1b2c3d4e5f -> ffffffffffff",
  ]);
  expect(changes({ memory: 4096, instance: "ml.c5.large" })).toEqual(["memory 2048 -> 4096"]);
  expect(changes({ target: "realtime", instance: "ml.c5.large" })).toEqual(["target serverless -> realtime"]);
  const realtime = { ...live, hosting: { ...hosting, target: "realtime" as const } };
  const scaled = { ...realtime.hosting, autoscaling: { min: 2, max: 3 } };
  expect(changesBetween(realtime, { ...live, hosting: scaled })).toEqual([
    "autoscaling 1 to 3 instances -> 2 to 3 instances",
  ]);
});
