// One serving container: a program that implements SageMaker's container contract on its own port.
import { request as httpRequest } from "node:http";
import { createServer } from "node:net";
import type { Clock } from "../../../kernel/clock.ts";
import { PING_TIMEOUT_MS, STOP_GRACE_MS } from "../limits.ts";
import { type ProgramOptions, startProgram } from "../program.ts";

export interface ContainerResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Container = Awaited<ReturnType<typeof startContainer>>;

export interface ContainerOptions extends ProgramOptions {
  clock: Clock;
}

export async function startContainer({ clock, ...program }: ContainerOptions) {
  const port = await freePort();
  const { running, exited, stop } = startProgram({
    ...program,
    env: { ...program.env, SAGEMAKER_BIND_TO_PORT: String(port) },
  });
  return {
    running,
    /** Resolves with the reason when the process has exited. */
    exited: exited.then(({ description: words }) => `the container ended with ${words}`),
    ping: () =>
      send(port, "GET", "/ping", {}, undefined, PING_TIMEOUT_MS).then(
        (response) => response.status === 200,
        () => false,
      ),
    invoke: (body: Uint8Array, headers: Record<string, string>, timeoutMs: number) =>
      send(port, "POST", "/invocations", headers, body, timeoutMs),
    stop: () => stop(clock, STOP_GRACE_MS),
  };
}

function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array | undefined,
  timeoutMs: number,
) {
  return new Promise<ContainerResponse>((resolve, reject) => {
    const request = httpRequest(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: { ...headers, ...(body && { "content-length": String(body.length) }) },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** A free port. Another process could take it before the container; the start then fails. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
