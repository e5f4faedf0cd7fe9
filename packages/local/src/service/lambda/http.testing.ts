// Serves the HTTP routes of a kernel's services on a free port.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestKernel } from "../../kernel/testing.ts";

export async function serveRoutes(kernel: TestKernel) {
  const routes = [...kernel.services.values()].flatMap((service) => Object.entries(service.routes ?? {}));
  const server = createServer((request, response) => {
    const route = routes.find(([prefix]) => request.url!.startsWith(prefix))?.[1];
    if (!route?.serve) return void response.writeHead(404).end();
    void route.serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
