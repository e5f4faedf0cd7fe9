// Where one is: the fragment of the address, `#/model/cats?status=failed`. Every link is a plain link that can be opened
// in a tab or shared, the same files work under any path, and what is filtered for never reaches a server's log.
import { signal } from "@preact/signals";

export interface Place {
  /** "model", "cats" */
  path: string[];
  query: URLSearchParams;
}

export const place = signal<Place>(read());

addEventListener("hashchange", () => (place.value = read()));

function read(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

type Query = Record<string, string | number | undefined>;

/** `to("model", "cats")`; names may hold anything. */
export function to(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** The same with a query; what is undefined or empty is left out. */
export function withQuery(address: string, query: Query): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${address}?${text}` : address;
}

export function go(address: string, { replace = false } = {}): void {
  if (address === location.hash) return;
  if (!replace) return void (location.hash = address);
  history.replaceState(null, "", address);
  place.value = read();
}

/** Changes the query of where one is; undefined takes a part away. */
export function changeQuery(changes: Query, options?: { replace?: boolean }): void {
  const { path, query } = place.peek();
  go(withQuery(to(...path), { ...Object.fromEntries(query), ...changes }), options);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
