// The admin routes under /_cloud/: health, clock and fault rules. JSON without signatures, for programs on this machine.
// The server rejects cross-origin requests.
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { CLOCK_END } from "../kernel/clock.ts";
import { AwsError } from "../kernel/error.ts";
import type { FaultRules } from "../kernel/faults.ts";
import type { RunningKernel } from "../kernel/kernel.ts";
import { respondJson } from "./json.ts";

export interface AdminDeps {
  kernel: RunningKernel;
  faults: FaultRules;
  /** Resource types in the graph that no service owns. */
  ignored: string[];
  /** Moves the clock forward; undefined for a fixed clock. */
  shift?(ms: number): void | Promise<void>;
}

export const ADMIN_PREFIX = "/_cloud/";

export function adminHandler({ kernel, faults, ignored, shift }: AdminDeps) {
  const now = () => ({ now: new Date(kernel.clock.now()).toISOString() });
  const actions: Record<string, (body: any) => unknown> = {
    "GET health": () => ({
      status: "ok",
      app: kernel.graph.app,
      stage: kernel.graph.stage,
      pid: process.pid,
      services: [...kernel.services.keys()],
      // Resource types without a service.
      ignored,
    }),
    "GET clock": now,
    async "POST clock"(body) {
      const ms = body?.advanceMs;
      const limit = CLOCK_END - kernel.clock.now();
      if (!Number.isFinite(ms) || ms < 0 || ms >= limit)
        throw new AwsError(
          "ClockInvalid",
          `Send { "advanceMs": <milliseconds> }, from 0 to less than ${limit}: the clock ends at ${new Date(CLOCK_END).toISOString()}.`,
        );
      if (!shift) throw new AwsError("ClockFixed", "This cloud's clock cannot be moved.");
      await shift(ms);
      return now();
    },
    "GET faults": () => ({ rules: faults.list() }),
    "PUT faults"(body) {
      if (!Array.isArray(body?.rules)) throw new AwsError("FaultRuleInvalid", 'Send { "rules": [...] }.');
      faults.set(body.rules);
      return { rules: faults.list() };
    },
  };

  return async (request: IncomingMessage, response: ServerResponse) => {
    const name = (request.url ?? "").slice(ADMIN_PREFIX.length).split("?")[0];
    try {
      const action = actions[`${request.method} ${name}`];
      if (!action) {
        const known = Object.keys(actions).join(", ");
        throw new AwsError("NotFound", `There is no ${request.method} ${name}. Available: ${known}.`, {
          status: 404,
        });
      }
      const body = await text(request);
      respondJson(response, 200, await action(body === "" ? undefined : parse(body)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      respondJson(response, error.status, { code: error.code, message: error.message });
    }
  };
}

function parse(body: string) {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError("JsonInvalid", "The body is not JSON.");
  }
}
