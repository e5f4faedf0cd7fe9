// Runs the embedded AWS alone: `node packages/local/src/main.ts`, in the project's root.
import { parseArgs } from "node:util";
import { DEFAULT_PORT, startCloud } from "./cloud.ts";
import { makeFilesPrivate } from "./kernel/private-files.ts";
import { readQuotas } from "./kernel/quotas.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: String(DEFAULT_PORT) },
    host: { type: "string", default: "127.0.0.1" },
    dir: { type: "string", default: ".sluice" },
    lock: { type: "string", default: "infra/cloud.lock.json" },
    quotas: { type: "string", default: "default" },
    "allow-remote": { type: "boolean", default: false },
    "allow-host": { type: "string", multiple: true, default: [] },
  },
});

makeFilesPrivate();
const print = (text: string) => void process.stdout.write(`${text}\n`);

try {
  const cloud = await startCloud({
    root: process.cwd(),
    host: values.host,
    port: Number(values.port),
    dir: values.dir,
    lockFile: values.lock,
    quotas: readQuotas(values.quotas),
    allowRemote: values["allow-remote"],
    allowHosts: values["allow-host"],
    log(level, message) {
      if (level === "warn" || level === "error") process.stderr.write(`${level}: ${message}\n`);
    },
  });
  print(`The embedded AWS runs at ${cloud.endpoint}. To use it:\n`);
  for (const [name, value] of Object.entries(cloud.environment)) print(`  export ${name}=${value}`);
  const stop = () => void cloud.stop().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  process.stderr.write(`${code ?? "START_FAILED"}: ${message}\n`);
  process.exitCode = 1;
}
