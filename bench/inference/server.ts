// Starts the serving program as a child process, and reads its memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

const PROGRAM = path.resolve(import.meta.dirname, "../../containers/serve/src/main.ts");

export type Server = Awaited<ReturnType<typeof startServer>>;

export async function startServer(optMl: string, env: Record<string, string> = {}) {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env["PATH"]!, SM_OPT_ML: optMl, SAGEMAKER_BIND_TO_PORT: String(port), ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const base = `http://127.0.0.1:${port}`;
  while (
    (await fetch(`${base}/ping`).then(
      ({ status }) => status,
      () => 0,
    )) !== 200
  ) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    url: `${base}/invocations`,
    child,
    residentMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
