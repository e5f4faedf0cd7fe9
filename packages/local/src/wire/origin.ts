// Protection against web pages of other sites: by host name (DNS rebinding) and by origin (cross-site request forgery).
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

type Headers = Pick<IncomingHttpHeaders, "host" | "origin">;

/** Whether the Host is a loopback name or one of `configured`. */
export function isAllowedHost({ host = "" }: Headers, configured: ReadonlySet<string>): boolean {
  const name = nameOf(host);
  return isLoopback(name) || configured.has(name);
}

/** Whether a page of another origin sent the request, or may have. */
export function isCrossOrigin({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean {
  if (headers.origin !== undefined) return !isOwnOrigin(headers.origin, headers.host ?? "");
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return false;
  // Following a link is allowed: the new document replaces the page.
  const follows = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return !(follows && (method === "GET" || method === "HEAD"));
}

/** Loopback names with the same port are one origin: the page calls its API at 127.0.0.1. */
function isOwnOrigin(origin: string, host: string): boolean {
  const from = URL.parse(origin);
  if (!from || from.host === "") return false;
  if (from.host === host) return true;
  const port = /:(\d+)$/.exec(host)?.[1] ?? "80";
  return isServed(nameOf(from.host)) && isLoopback(nameOf(host)) && (from.port || "80") === port;
}

/** Without `*.localhost`: for browsers those are other sites, such as buckets. */
const isServed = (name: string) => name === "localhost" || isLoopbackAddress(name);

const isLoopback = (name: string) => isServed(name) || name.endsWith(".localhost");

const isLoopbackAddress = (name: string) => /^127(\.\d{1,3}){3}$/.test(name) || name === "[::1]";

/** The host in lower case, without port and without the final dot of an absolute name. */
const nameOf = (host: string) => host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
