import { EventQuery, Happening, list } from "@sluice/core/event/list.ts";
import { router } from "../env.ts";
import { operation, page } from "../operation.ts";

const listed = operation("read", {
  method: "get",
  path: "/events",
  tags: ["events"],
  summary: "What happened to labels, datasets, runs, versions, endpoints and deployments, newest first",
  description:
    "`subject` is the id of an import, a dataset, a run, a version, or an endpoint's name. A page may be short and still " +
    "have a cursor: follow it until there is none.",
  request: { query: EventQuery },
  responses: page(Happening.openapi("Event")),
});

export const eventRoutes = router().openapi(listed, async (c) =>
  c.json(await list(c.req.valid("query"), Date.now()), 200),
);
