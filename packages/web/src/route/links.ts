import type { Link } from "@sluice/core/trace/trace.ts";
import { pathTo, withQuery } from "./path.ts";

/** The page of a record that a trace or an event refers to. */
export function linkTo({ kind, id, model }: Pick<Link, "kind" | "id" | "model">): string {
  switch (kind) {
    case "label":
      return pathTo("label", model, id);
    case "import":
      return withQuery(pathTo("datasets"), { model });
    case "version":
      return pathTo("version", model, id);
    case "deployment":
    case "endpoint":
      return pathTo("model", model);
    case "review":
      return pathTo("prediction", id);
    case "report":
      return pathTo("monitoring", model);
    case "decision":
    case "alert":
      return pathTo("trace", id);
    default:
      return pathTo(kind, id);
  }
}
