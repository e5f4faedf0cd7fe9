// Addresses are URL fragments, such as `#/model/cats?status=failed`. Links work as plain links under any path, and
// filters never appear in the log of a server.

export interface Route {
  /** "model", "cats" */
  path: string[];
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

export type Query = Record<string, string | number | undefined>;

/** `pathTo("model", "cats")`. A part may contain any character. */
export function pathTo(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Adds the query parameters that have a value. */
export function withQuery(address: string, query: Query): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${address}?${text}` : address;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
