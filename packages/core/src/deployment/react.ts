// What a deployment hears of: endpoints that changed, versions that were accepted, requests, and the clock.
import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { schemas } from "../event/domain.ts";
import { log } from "../log.ts";
import { fromVersion } from "../version/read.ts";
import { advance } from "./advance.ts";
import { provision } from "./request.ts";

const Told = z.discriminatedUnion("detail-type", [
  z.object({ "detail-type": z.literal("endpoint.changed"), detail: schemas["endpoint.changed"] }),
  z.object({ "detail-type": z.literal("deployment.changed"), detail: schemas["deployment.changed"] }),
  z.object({ "detail-type": z.literal("version.accepted"), detail: schemas["version.accepted"] }),
]);

export async function hear(event: unknown, now: () => number): Promise<void> {
  const told = Told.safeParse(event).data;
  if (!told) return advanceAll(now);
  const { model } = told.detail;
  if (told["detail-type"] === "version.accepted") await deployByPolicy(model, told.detail.version, now());
  await advance(model, now);
}

/** Only what was measured is deployed by itself. */
async function deployByPolicy(model: string, version: string, now: number): Promise<void> {
  if (!byName(model)?.policy.deploy) return;
  const found = await fromVersion(model, version);
  if (found.evaluation !== "done" || found.status !== "accepted") return;
  try {
    const { action } = await provision({ model, version }, "policy", now);
    log().info("Deployed by policy", { model, version, action });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.retryable) throw error;
    log().warn("Not deployed by policy", { model, version, code: error.code, reason: error.message });
  }
}

async function advanceAll(now: () => number): Promise<void> {
  const { data } = await db().entities.deployment.query.byStatus({ status: "running" }).go({ pages: "all" });
  for (const { model } of data) await advance(model, now);
}
