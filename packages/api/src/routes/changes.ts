import { ChangesQuery, listChanges } from "@sluice/core/prediction/changes.ts";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { createRouter } from "../http/router.ts";
import { okPage, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("predictions");
const listRoute = operation("read", "get", "/changes", {
  summary: "List predictions by their last change since an instant, oldest change first",
  description: `For a client of live updates that was disconnected. ${PAGE_HINT}`,
  request: { query: ChangesQuery },
  responses: okPage(Prediction.openapi("Prediction")),
});

export const changeRoutes = createRouter().openapi(listRoute, async (c) =>
  c.json(await listChanges(c.req.valid("query"), Date.now()), 200),
);
