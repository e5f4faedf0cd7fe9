import { signal } from "@preact/signals";
import { parseRoute, pathTo, type Query, type Route, withQuery } from "./path.ts";

export const currentRoute = signal<Route>(parseRoute(location.hash));

addEventListener("hashchange", () => (currentRoute.value = parseRoute(location.hash)));

export function navigate(address: string, { replace = false } = {}): void {
  if (address === location.hash) return;
  if (!replace) return void (location.hash = address);
  history.replaceState(null, "", address);
  currentRoute.value = parseRoute(address);
}

/** The parameters of the current query that have a value. */
export function queryOf<Name extends string>(...names: Name[]) {
  const { query } = currentRoute.value;
  const entries = names.map((name) => [name, query.get(name)]).filter(([, value]) => value);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** Changes parameters of the current query. Undefined removes one. */
export function changeQuery(changes: Query, options?: { replace?: boolean }): void {
  const { path, query } = currentRoute.peek();
  navigate(withQuery(pathTo(...path), { ...Object.fromEntries(query), ...changes }), options);
}
