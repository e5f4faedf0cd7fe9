import { expect, test } from "vitest";
import { handler as advance } from "./advance.ts";
import { handler as alert } from "./alert.ts";
import { handler as deployment } from "./deployment.ts";
import { handler as endpoint } from "./endpoint.ts";
import { handler as evaluation } from "./evaluation.ts";
import { handler as retrain } from "./retrain.ts";
import { handler as training } from "./training.ts";
import { handler as version } from "./version.ts";

const handlers = { advance, alert, deployment, endpoint, evaluation, retrain, training, version };

const invalid = {
  "no event": undefined,
  "the event of a schedule": { source: "aws.scheduler", "detail-type": "Scheduled Event", detail: {} },
  "an event without its fields": { source: "sluice", "detail-type": "training.changed", detail: {} },
  "an event of another type": {
    source: "sluice",
    "detail-type": "prediction.completed",
    detail: { id: "prd_1", model: "cats", status: "completed", source: {}, finishedAt: "" },
  },
};

const cases = Object.entries(handlers).flatMap(([name, handler]) =>
  Object.entries(invalid).map(([what, event]) => ({ name, what, handler, event })),
);

test.each(cases)("$name rejects $what", async ({ handler, event }) => {
  await expect(handler(event)).rejects.toMatchObject({ code: "EVENT_INVALID" });
});
