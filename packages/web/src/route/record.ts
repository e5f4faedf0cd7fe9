// Where a thing that a record or an event names can be looked at.
import type { Link } from "@sluice/core/trace/trace.ts";
import { to, withQuery } from "./route.ts";

type Named = Pick<Link, "kind" | "id" | "model">;

export function addressOf({ kind, id, model }: Named): string {
  switch (kind) {
    case "label":
      return to("label", model, id);
    case "import":
      return withQuery(to("datasets"), { model });
    case "version":
      return to("version", model, id);
    case "deployment":
    case "endpoint":
      return to("model", model);
    case "review":
      return to("prediction", id);
    default:
      return to(kind, id);
  }
}
