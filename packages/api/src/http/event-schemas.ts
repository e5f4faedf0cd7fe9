// The events of the app's bus in the OpenAPI document, as webhooks: what EventBridge delivers to a rule's target.
import { z, type OpenAPIHono } from "@hono/zod-openapi";
import { events, eventSource, eventTypes } from "@sluice/core/events.ts";

export function describeEvents({ openAPIRegistry }: Pick<OpenAPIHono, "openAPIRegistry">): void {
  for (const type of eventTypes) {
    const event = z.object({
      source: z.literal(eventSource),
      "detail-type": z.literal(type),
      detail: events[type].detail,
    });
    openAPIRegistry.registerWebhook({
      method: "post",
      path: type,
      tags: ["events"],
      summary: "subject" in events[type] ? "Published and stored: GET /events lists it" : "Published",
      request: { body: { required: true, content: { "application/json": { schema: event } } } },
      responses: { 200: { description: "The target received it." } },
    });
  }
}
