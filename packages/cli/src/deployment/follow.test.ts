import { expect, test, vi } from "vitest";
import type { Client } from "../client.ts";
import { follow } from "./follow.ts";

test("Ctrl-C leaves a deployment, says that it goes on and where its end is told, and ends with 130", async () => {
  const listening = process.listenerCount("SIGINT");
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const answer = () => {
    process.emit("SIGINT");
    return Promise.resolve(Response.json({ status: "live", times: [] }));
  };
  const api = { deployments: { ":id": { $get: answer } } } as unknown as Client;

  await follow(api, { id: "dep_1", model: "cats" });
  expect(exit.mock.calls).toEqual([[130]]);
  expect(write.mock.calls.join("")).toContain("goes on. What became of it: npx sluice endpoint history cats");
  expect(process.listenerCount("SIGINT")).toBe(listening);
  vi.restoreAllMocks();
});
