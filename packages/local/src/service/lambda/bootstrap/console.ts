// Replaces console.* as Lambda does: each call is one log event.
import { format } from "node:util";

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

export function replaceConsole(current: { requestId?: string }, json: boolean) {
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method as keyof typeof LEVELS] = (...parts: unknown[]) => {
      const timestamp = new Date().toISOString();
      const text = json
        ? JSON.stringify({ timestamp, level, requestId: current.requestId, message: message(parts) })
        : `${timestamp}\t${current.requestId ?? "undefined"}\t${level}\t${format(...parts)}`;
      // Carriage returns keep several lines one event; the reader restores the line feeds.
      process.stdout.write(`${text.replaceAll("\n", "\r")}\n`);
    };
  }
}

function message(parts: unknown[]): unknown {
  const [only] = parts;
  const plain = parts.length === 1 && typeof only === "object" && only !== null && !(only instanceof Error);
  return plain ? only : format(...parts);
}
