// One serving container: a child process that keeps SageMaker's contract. `/opt/ml` is a private folder, passed as
// SM_OPT_ML since a process without root cannot have an /opt/ml of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { request as httpRequest } from "node:http";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../kernel/clock.ts";
import { PING_TIMEOUT_MS, STOP_GRACE_MS } from "./limits.ts";

const GUARDIAN = fileURLToPath(new URL("guardian.mjs", import.meta.url));

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Container {
  ping(): Promise<boolean>;
  invoke(body: Uint8Array, headers: Record<string, string>, timeoutMs: number): Promise<Answer>;
  /** Settles when the process is gone, with the reason in words. */
  exited: Promise<string>;
  running(): boolean;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  file: string;
  optMl: string;
  env: Record<string, string>;
  clock: Clock;
  log(line: string): void;
}

export async function startContainer({ file, optMl, env, clock, log }: ContainerOptions): Promise<Container> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", GUARDIAN, file], {
    env: { PATH: process.env["PATH"] ?? "", ...env, SM_OPT_ML: optMl, SAGEMAKER_BIND_TO_PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream! }).on("line", log);

  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`the container could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      resolve(`the container ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  const running = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;

  return {
    exited,
    running,
    ping: () =>
      send(port, "GET", "/ping", {}, undefined, PING_TIMEOUT_MS).then(
        (answer) => answer.status === 200,
        () => false,
      ),
    invoke: (body, headers, timeoutMs) => send(port, "POST", "/invocations", headers, body, timeoutMs),
    stop: () => stopChild(child, exited, clock),
  };
}

async function stopChild(child: ChildProcess, exited: Promise<string>, clock: Clock) {
  child.kill("SIGTERM");
  const cancel = clock.after(STOP_GRACE_MS, () => child.kill("SIGKILL"));
  await exited;
  cancel();
}

function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array | undefined,
  timeoutMs: number,
) {
  return new Promise<Answer>((resolve, reject) => {
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

/** The system picks a free port. Another process could take it before the container does; the start then fails and says so. */
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
