// A separate local cloud, as a process of its own: it does not touch the user's models, labels and endpoints.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { resetState } from "./reset.ts";
import { type Client, createClient } from "../target/client.ts";
import { readState } from "../target/local-state.ts";
import { root } from "../target/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printNote } from "../terminal/output.ts";

export interface SeparateCloud {
  api: Client;
  /** Address of the page, with its token. */
  page: string;
  untilInterrupted(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an empty cloud in this state folder. */
export async function startSeparateCloud(dir: string, port: string): Promise<SeparateCloud> {
  const folder = path.resolve(root, dir);
  await resetState(folder, true);
  const program = path.join(root, "packages/cli/src/main.ts");
  const options = ["--json", "--no-samples", "--port", port, "--dir", dir];
  // Ctrl-C reaches both processes: the cloud stops by itself.
  const child = spawn(process.execPath, [program, "start", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
  };
  process.once("exit", () => void child.kill("SIGTERM"));
  const ready = await Promise.race([once(createInterface({ input: child.stdout }), "line"), exited]);
  const state = readState(folder);
  if (typeof ready[0] !== "string" || !state)
    throw new Failure("CLOUD_FAILED", "The separate local cloud did not start.", {
      exit: EXIT.failed,
      hint: `The reason is printed above. The log is ${path.join(dir, "cloud.log")}.`,
    });
  return {
    api: createClient(state),
    page: `${state.page.url}#token=${state.token}`,
    stop,
    async untilInterrupted() {
      printNote("The local cloud keeps running. Ctrl-C stops it.");
      await exited;
    },
  };
}
