// The program of a worker process: a minimal Node runtime. Loads the handler and processes one invocation at a time from
// the Lambda Runtime API until the connection ends.
import { enableCompileCache, flushCompileCache } from "node:module";
import { env } from "node:process";
import { Worker } from "node:worker_threads";
import { replaceConsole } from "./console.ts";
import { describe, loadHandler, type Handler } from "./handler.ts";
import { ResponseStream, isStreaming, installStreaming } from "./stream.ts";
import { runtimeClient, type Invocation } from "./runtime.ts";

const client = runtimeClient(env.AWS_LAMBDA_RUNTIME_API!);
const current: { requestId?: string } = {};

followParent();
enableCompileCache(env.LAMBDA_COMPILE_CACHE);
delete env.LAMBDA_COMPILE_CACHE;
replaceConsole(current, env.AWS_LAMBDA_LOG_FORMAT === "JSON");
installStreaming();
process.on("uncaughtException", (error) => void exitWithError("Runtime.UncaughtException", error));
process.on("unhandledRejection", (reason) => void exitWithError("Runtime.UnhandledPromiseRejection", reason));

let handler: Handler;
try {
  handler = await loadHandler(env.LAMBDA_TASK_ROOT!, env._HANDLER!);
} catch (error) {
  console.error(error);
  await client.initError(describe(error));
  process.exit(1);
}
await serve(await client.next());
// Workers are killed, so the compile cache is written now: the next worker starts faster.
flushCompileCache();
for (;;) await serve(await client.next());

async function serve(invocation: Invocation) {
  current.requestId = invocation.requestId;
  env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    if (isStreaming(handler)) await stream(invocation);
    else {
      const result = await handler(invocation.event, invocation.context);
      const payload = encode(result);
      markLogsDone(invocation);
      await client.respond(invocation.requestId, payload);
    }
  } catch (error) {
    console.error("Invoke Error", error);
    markLogsDone(invocation);
    await client.fail(invocation.requestId, describe(error));
  }
  current.requestId = undefined;
}

async function stream(invocation: Invocation) {
  const output = new ResponseStream(() => client.openStream(invocation.requestId, output.contentType));
  try {
    await handler(invocation.event, output, invocation.context);
    await output.done;
  } catch (error) {
    if (!output.opened) throw error;
    console.error("Invoke Error", error);
    markLogsDone(invocation);
    output.failWith(describe(error));
    await output.done;
    return;
  }
  markLogsDone(invocation);
}

function encode(result: unknown): string {
  try {
    return result === undefined ? "null" : (JSON.stringify(result) ?? "null");
  } catch (error) {
    throw Object.assign(new Error(`Unable to stringify response body: ${(error as Error).message}`), {
      name: "Runtime.MarshalError",
    });
  }
}

// Marks the end of this invocation's output for the reader (output.ts).
function markLogsDone({ requestId }: Invocation) {
  const mark = `\0end ${requestId} ${process.resourceUsage().maxRSS}\n`;
  process.stdout.write(mark);
  process.stderr.write(mark);
}

async function exitWithError(type: string, reason: unknown) {
  const error = { ...describe(reason), errorType: type };
  console.error(
    type === "Runtime.UncaughtException" ? "Uncaught Exception" : "Unhandled Promise Rejection",
    reason,
  );
  if (current.requestId) await client.fail(current.requestId, error).catch(() => {});
  else await client.initError(error).catch(() => {});
  process.exit(128);
}

// Standard input ends when the parent process ends. A separate thread watches it: a handler may block the main thread.
function followParent() {
  const watch = `
    const { Socket } = require("node:net");
    new Socket({ fd: 0 }).on("error", () => {}).on("close", () => process.kill(process.pid, "SIGKILL")).resume();`;
  new Worker(watch, { eval: true, stdin: false }).unref();
}
