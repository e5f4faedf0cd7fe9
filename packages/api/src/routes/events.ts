import { EventQuery, EventRecord, listEvents } from "@sluice/core/event/list.ts";
import { createRouter } from "../http/router.ts";
import { okPage, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("events");
const listRoute = operation("read", "get", "/events", {
  summary:
    "List the events of labels, datasets, training runs, versions, endpoints and deployments, newest first",
  description:
    "`subject` is the id of an import, dataset, training run or version, or the name of an endpoint. " +
    PAGE_HINT,
  request: { query: EventQuery },
  responses: okPage(EventRecord.openapi("Event")),
});

export const eventRoutes = createRouter().openapi(listRoute, async (c) =>
  c.json(await listEvents(c.req.valid("query"), Date.now()), 200),
);
