// Runs commands in this process and captures their output: a Node process for each would take 0.6 s of processor time.
// `sluice.ts` runs the real binary.
import { run } from "@sluice/cli/program.ts";
import { environment, type CommandResult } from "./sluice.ts";

let running: string | undefined;

/** One at a time: output, exit code and environment belong to the whole process. */
export async function runCommand(args: string[]): Promise<CommandResult> {
  if (running !== undefined) throw new Error(`\`sluice ${running}\` still runs in this process.`);
  running = args.join(" ");
  const before = { ...process.env };
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  replaceEnvironment(environment);
  process.exitCode = undefined;
  try {
    await run(args);
    return result(Number(process.exitCode ?? 0), stdout.text(), stderr.text());
  } finally {
    process.exitCode = undefined;
    replaceEnvironment(before);
    stdout.restore();
    stderr.restore();
    running = undefined;
  }
}

const result = (code: number, stdout: string, stderr: string): CommandResult => ({
  code,
  stdout,
  stderr,
  json: () => JSON.parse(stdout),
});

function capture(stream: NodeJS.WriteStream) {
  const original = stream.write;
  let text = "";
  stream.write = ((chunk: Uint8Array | string) => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as typeof original;
  return { text: () => text, restore: () => void (stream.write = original) };
}

function replaceEnvironment(next: NodeJS.ProcessEnv) {
  for (const name of Object.keys(process.env)) if (!(name in next)) delete process.env[name];
  Object.assign(process.env, next);
}
