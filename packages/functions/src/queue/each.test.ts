import { scheduleRetries } from "@sluice/core/prediction/retry-delay.ts";
import { beforeEach, expect, test, vi } from "vitest";
import { each } from "./each.ts";
import { expectErrorLog } from "../../../../test/support/error-log.ts";

vi.stubEnv("SLUICE_LOG_LEVEL", "ERROR");
vi.mock("@sluice/core/prediction/retry-delay.ts", async (original) => ({
  ...(await original<typeof import("@sluice/core/prediction/retry-delay.ts")>()),
  scheduleRetries: vi.fn<typeof scheduleRetries>(),
}));
beforeEach(() => void vi.mocked(scheduleRetries).mockReset());

const event = {
  Records: [
    { messageId: "1", receiptHandle: "first", body: "", attributes: { ApproximateReceiveCount: "2" } },
  ],
};
const context = { getRemainingTimeInMillis: () => 899_500 };
const delays = () => vi.mocked(scheduleRetries).mock.calls.map(([, messages]) => messages[0]?.seconds);

test("before the work, a message is hidden until a minute after the function's timeout", async () => {
  let before: unknown;
  await each(event, context, "WorkQueue", async () => void (before = delays()));
  expect(before).toEqual([960]);
});

test("a message whose work fails is retried sooner", async () => {
  expectErrorLog(/no table/);
  const failed = await each(event, context, "WorkQueue", () => Promise.reject(new Error("no table")));
  expect(failed.batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
  expect(delays()).toEqual([960, 30]);
});
