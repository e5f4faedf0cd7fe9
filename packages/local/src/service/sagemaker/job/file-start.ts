// Reads the start of a file that a program wrote about its end.
import { open } from "node:fs/promises";
import { FAILURE_REASON_CHARACTERS } from "../limits.ts";

/** The file's first bytes as text; empty when it does not exist. */
export async function readFileStart(file: string, bytes: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return "";
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
  } finally {
    await handle.close();
  }
}

export async function algorithmError(file: string, code: number): Promise<string> {
  return `AlgorithmError: ${await readFileStart(file, FAILURE_REASON_CHARACTERS)}, exit code: ${code}`;
}
