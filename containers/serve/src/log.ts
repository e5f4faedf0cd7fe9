const LEVELS = ["info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

/** Written line by line, the log would take a tenth of the time that the thread has for a request. */
const KEPT_MS = 100;

/** One JSON object a line, as CloudWatch Logs Insights reads it. Good news may wait a moment for company, bad news does not. */
export function jsonLog(least: Level): Log {
  let kept: object[] = [];
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = kept.map((line) => `${JSON.stringify(line)}\n`);
    kept = [];
    if (lines.length > 0) process.stdout.write(lines.join(""));
  };
  process.on("exit", write);
  return (level, message, fields) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    kept.push({ time: new Date(), level, message, ...fields });
    if (level === "info") timer ??= setTimeout(write, KEPT_MS).unref();
    else write();
  };
}
