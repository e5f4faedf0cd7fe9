// The HTTP server. It rejects unknown hosts and cross-origin requests to route prefixes. Other requests are AWS requests:
// handle.ts rejects cross-origin ones in the client's protocol.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "../kernel/log.ts";
import type { HttpRoute, Service } from "../kernel/service.ts";
import { respondJson } from "./json.ts";
import { isCrossOrigin, isAllowedHost } from "./origin.ts";
import { acceptHandshakes, isWebSocket } from "./upgrade.ts";

type Handler = NonNullable<HttpRoute["serve"]>;

export interface ListenOptions {
  host: string;
  /** 0 chooses a free port. */
  port: number;
  /** Required for a host that other machines can reach. */
  allowRemote?: boolean;
  /** Host names besides loopback that requests may use. */
  allowHosts?: string[];
}

export class ListenError extends Error {
  override name = "ListenError";
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

export async function listen(options: ListenOptions, log: Log) {
  const { host, port } = options;
  if (!LOOPBACK.has(host) && !options.allowRemote)
    throw new ListenError(
      "HOST_NOT_LOOPBACK",
      `Not listening on ${host}: function URLs and the page need no signature, so anyone on that network could ` +
        "use them. Use 127.0.0.1, or add --allow-remote.",
    );
  const hosts = new Set([host, ...(options.allowHosts ?? [])].map((name) => name.toLowerCase()));
  let setRouter!: (router: Router) => void;
  const ready = new Promise<Router>((resolve) => (setRouter = resolve));
  const fail = (request: IncomingMessage, response: ServerResponse, error: unknown) => {
    log("error", `${request.method} ${request.url} failed: ${String((error as Error)?.stack ?? error)}`);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
  const server = createServer({ shouldUpgradeCallback: isWebSocket }, async (request, response) => {
    try {
      if (!isAllowedHost(request.headers, hosts)) return refuseHost(request, response);
      const { routeOf, rest } = await ready;
      const route = routeOf(request);
      if (!route?.serve) return await rest(request, response);
      if (isForeign(route, request)) return refuseOrigin(request, response);
      await route.serve(request, response);
    } catch (error) {
      fail(request, response, error);
    }
  });
  const closeUpgraded = acceptHandshakes(server, async (handshake) => {
    const { request } = handshake;
    try {
      if (!isAllowedHost(request.headers, hosts)) return refuseHost(request, handshake.refuse());
      const route = (await ready).routeOf(request);
      if (isForeign(route, request)) return refuseOrigin(request, handshake.refuse());
      if (!route?.upgrade) return refuseUpgrade(request, handshake.refuse());
      await route.upgrade(handshake);
    } catch (error) {
      fail(request, handshake.refuse(), error);
    }
  });
  // Longer than clients keep idle connections, so that the server never closes one during a request.
  server.keepAliveTimeout = 75_000;
  // No limit for uploads.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** Requests before this call wait. */
    serve(routes: Record<string, HttpRoute>, rest: Handler) {
      const prefixes = Object.entries(routes).toSorted(([a], [b]) => b.length - a.length);
      setRouter({
        routeOf: ({ url }) => prefixes.find(([prefix]) => url?.startsWith(prefix))?.[1],
        rest,
      });
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      closeUpgraded();
      await closed;
    },
  };
}

interface Router {
  routeOf(request: IncomingMessage): HttpRoute | undefined;
  /** Serves AWS requests. */
  rest: Handler;
}

const isForeign = (route: HttpRoute | undefined, request: IncomingMessage) =>
  isCrossOrigin(request) && !route?.allowsOrigin?.(request);

export function serviceRoutes(services: Iterable<Service>): Record<string, HttpRoute> {
  return Object.assign({}, ...[...services].map((service) => service.routes ?? {}));
}

function explain(error: NodeJS.ErrnoException, host: string, port: number) {
  if (error.code === "EADDRINUSE")
    return new ListenError(
      "PORT_IN_USE",
      `Port ${port} on ${host} is in use by another program. Stop it, or choose another port.`,
      error,
    );
  return new ListenError("LISTEN_FAILED", `Cannot listen on ${host}:${port}: ${error.message}.`, error);
}

function refuseHost({ headers }: IncomingMessage, response: ServerResponse) {
  respondJson(response, 421, {
    code: "HostNotAllowed",
    message:
      `This cloud accepts loopback names only, not "${headers.host ?? ""}". ` +
      "Use 127.0.0.1, or start it with --allow-host and that name.",
  });
}

function refuseOrigin({ headers }: IncomingMessage, response: ServerResponse) {
  respondJson(response, 403, {
    code: "OriginNotAllowed",
    message: `Pages of ${headers.origin ?? "another site"} may not send this request: no CORS rule allows it.`,
  });
}

function refuseUpgrade({ url }: IncomingMessage, response: ServerResponse) {
  respondJson(response, 404, { code: "NotFound", message: `No WebSocket API is at ${url}.` });
}
