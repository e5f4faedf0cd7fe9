import { z } from "@hono/zod-openapi";
import { linked } from "@sluice/core/aws/link.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { countMessages, redriveDeadLetters, redriveProgress } from "@sluice/core/prediction/redrive.ts";
import { createRouter } from "../http/router.ts";
import { accepted, ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("queues");
const params = z.object({ model: ModelName });
const LastMove = z.object({
  status: z.string().optional(),
  moved: z.number(),
  reason: z.string().optional(),
});
const Queue = z
  .object({ model: z.string(), waiting: z.number(), deadLetters: z.number(), lastMove: LastMove })
  .openapi("Queue");

const getRoute = operation("read", "get", "/queues/{model}", {
  summary: "Get the queue of a model: waiting uploads, dead letters, last redrive",
  request: { params },
  responses: ok(Queue, "Approximate counts of SQS."),
});

const redriveRoute = operation("admin", "post", "/queues/{model}/redrive", {
  summary: "Move the dead letters of a model back to its queue",
  request: { params },
  responses: accepted(
    z.object({ messages: z.number(), task: z.string().optional() }).openapi("Redrive"),
    "The move has started. GET the queue to follow it.",
  ),
});

const queueUrls = (model: string) => {
  const { queue, deadLetters } = getModel(model);
  return { queue: linked(queue, "url"), deadLetters: linked(deadLetters, "url") };
};

export const queueRoutes = createRouter()
  .openapi(getRoute, async (c) => {
    const { model } = c.req.valid("param");
    const { queue, deadLetters } = queueUrls(model);
    const [waiting, dead, lastMove] = await Promise.all([
      countMessages(queue),
      countMessages(deadLetters),
      redriveProgress(deadLetters),
    ]);
    return c.json({ model, waiting, deadLetters: dead, lastMove }, 200);
  })
  .openapi(redriveRoute, async (c) =>
    c.json(await redriveDeadLetters(queueUrls(c.req.valid("param").model).deadLetters), 202),
  );
