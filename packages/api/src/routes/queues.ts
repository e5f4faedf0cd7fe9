import { z } from "@hono/zod-openapi";
import { linked } from "@sluice/core/aws/link.ts";
import * as Models from "@sluice/core/model/model.ts";
import { depth, redrive, redriveProgress } from "@sluice/core/prediction/redrive.ts";
import { router } from "../env.ts";
import { ModelName, ok, operation } from "../operation.ts";

const params = z.object({ model: ModelName });
const Move = z.object({ status: z.string().optional(), moved: z.number(), reason: z.string().optional() });
const Queue = z
  .object({ model: z.string(), waiting: z.number(), deadLetters: z.number(), lastMove: Move })
  .openapi("Queue");

const one = operation("read", {
  method: "get",
  path: "/queues/{model}",
  tags: ["queues"],
  summary: "How many uploads wait, how many were given up, and how the last redrive went",
  request: { params },
  responses: ok(Queue, "About now: SQS counts approximately."),
});

const moved = operation("admin", {
  method: "post",
  path: "/queues/{model}/redrive",
  tags: ["queues"],
  summary: "Puts a model's dead letters back into its queue",
  request: { params },
  responses: {
    202: {
      description: "It has begun; GET the queue to follow it.",
      content: {
        "application/json": {
          schema: z.object({ messages: z.number(), task: z.string().optional() }).openapi("Redrive"),
        },
      },
    },
  },
});

const urls = (model: string) => {
  const { queue, deadLetters } = Models.model(model);
  return { queue: linked(queue, "url"), deadLetters: linked(deadLetters, "url") };
};

export const queueRoutes = router()
  .openapi(one, async (c) => {
    const { model } = c.req.valid("param");
    const { queue, deadLetters } = urls(model);
    const [waiting, dead, lastMove] = await Promise.all([
      depth(queue),
      depth(deadLetters),
      redriveProgress(deadLetters),
    ]);
    return c.json({ model, waiting, deadLetters: dead, lastMove }, 200);
  })
  .openapi(moved, async (c) => c.json(await redrive(urls(c.req.valid("param").model).deadLetters), 202));
