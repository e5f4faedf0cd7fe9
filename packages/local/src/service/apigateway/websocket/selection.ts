// Selects the route of a message by the API's expression: `$request.body.action`.
import { GraphError } from "../../../kernel/resolve.ts";

/** The route key that a message names, if any. */
export type Selection = (message: string) => string | undefined;

export function compileSelection(expression: string, api: string): Selection {
  const [, plain, braced] =
    /^\$(?:request\.body\.([\w.-]+)|\{request\.body\.([\w.-]+)\})$/.exec(expression) ?? [];
  const path = (plain ?? braced)?.split(".");
  if (!path)
    throw new GraphError(
      `${api} selects routes by "${expression}": the embedded AWS serves only members of the body, such as $request.body.action.`,
    );
  return (message) => {
    let value: any;
    try {
      value = JSON.parse(message);
    } catch {
      return undefined;
    }
    for (const member of path) value = Object.hasOwn(Object(value), member) ? value[member] : undefined;
    return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
  };
}

/** A message cannot select `$connect` and `$disconnect`. */
export function routeOf<Route>(routes: Map<string, Route>, key: string | undefined): Route | undefined {
  return (key?.startsWith("$") ? undefined : routes.get(key ?? "")) ?? routes.get("$default");
}
