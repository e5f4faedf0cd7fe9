import { comeAgain } from "@sluice/core/prediction/again.ts";
import { beforeEach, expect, test, vi } from "vitest";
import { each } from "./each.ts";

vi.stubEnv("SLUICE_LOG_LEVEL", "SILENT");
vi.mock("@sluice/core/prediction/again.ts", async (original) => ({
  ...(await original<typeof import("@sluice/core/prediction/again.ts")>()),
  comeAgain: vi.fn<typeof comeAgain>(),
}));
beforeEach(() => void vi.mocked(comeAgain).mockReset());

const event = {
  Records: [
    { messageId: "1", receiptHandle: "first", body: "", attributes: { ApproximateReceiveCount: "2" } },
  ],
};
const context = { getRemainingTimeInMillis: () => 899_500 };
const asked = () => vi.mocked(comeAgain).mock.calls.map(([, messages]) => messages[0]?.seconds);

test("a message whose function dies comes again a minute after its time: that is asked for before the work", async () => {
  let before: unknown;
  await each(event, context, "WorkQueue", async () => void (before = asked()));
  expect(before).toEqual([960]);
});

test("one whose work fails comes again sooner", async () => {
  const failed = await each(event, context, "WorkQueue", () => Promise.reject(new Error("no table")));
  expect(failed.batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
  expect(asked()).toEqual([960, 30]);
});
