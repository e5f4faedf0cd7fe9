// Who may reach this machine's port from a browser. A page of another site must neither find the cloud under a name of
// its own (DNS rebinding) nor send it requests with the developer's browser (cross-site request forgery).
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

type Headers = Pick<IncomingHttpHeaders, "host" | "origin">;

/** True when the request names this machine: a loopback name, or one of `configured`. */
export function isAllowedHost({ host = "" }: Headers, configured: ReadonlySet<string>): boolean {
  const name = nameOf(host);
  return isLoopback(name) || configured.has(name);
}

/** True when a page of another origin sends the request, or may have sent it. */
export function isCrossOrigin({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean {
  if (headers.origin !== undefined) return !isOwnOrigin(headers.origin, headers.host ?? "");
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return false;
  // A link that the user follows replaces the page that held it.
  const follows = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return !(follows && (method === "GET" || method === "HEAD"));
}

/** Loopback names on one port are one origin: the page asks its API at 127.0.0.1, whichever name it was opened by. */
function isOwnOrigin(origin: string, host: string): boolean {
  const from = URL.parse(origin);
  if (!from || from.host === "") return false;
  if (from.host === host) return true;
  const port = /:(\d+)$/.exec(host)?.[1] ?? "80";
  return isServed(nameOf(from.host)) && isLoopback(nameOf(host)) && (from.port || "80") === port;
}

/** Not every `*.localhost`: those are other sites' names in a browser, buckets among them. */
const isServed = (name: string) => name === "localhost" || isLoopbackAddress(name);

const isLoopback = (name: string) => isServed(name) || name.endsWith(".localhost");

const isLoopbackAddress = (name: string) => /^127(\.\d{1,3}){3}$/.test(name) || name === "[::1]";

/** The host without its port, in lower case and without the dot that ends an absolute name. */
const nameOf = (host: string) => host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
