import { expect, test, vi } from "vitest";
import type { Client } from "../target/client.ts";
import { followDeployment } from "./follow.ts";

test("Ctrl-C stops following, prints that the deployment continues, and exits with 130", async () => {
  const listening = process.listenerCount("SIGINT");
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const respond = () => {
    process.emit("SIGINT");
    return Promise.resolve(Response.json({ status: "live", times: [] }));
  };
  const api = { deployments: { ":id": { $get: respond } } } as unknown as Client;

  await followDeployment(api, { id: "dep_1", model: "cats" });
  expect(exit.mock.calls).toEqual([[130]]);
  expect(write.mock.calls.join("")).toContain(
    "continues. Check its status: npx sluice deployments list cats",
  );
  expect(process.listenerCount("SIGINT")).toBe(listening);
  vi.restoreAllMocks();
});
