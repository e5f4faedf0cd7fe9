// Structured lines, one JSON object each, that CloudWatch Logs can query by field.
const levels = ["DEBUG", "INFO", "WARN", "ERROR", "SILENT"] as const;
type Level = Exclude<(typeof levels)[number], "SILENT">;

/** SLUICE_LOG_LEVEL; INFO without it, or with anything that is no level. */
function threshold(): number {
  const index = levels.indexOf((process.env.SLUICE_LOG_LEVEL ?? "").toUpperCase() as Level);
  return index === -1 ? levels.indexOf("INFO") : index;
}

function write(level: Level, message: string, about: Record<string, unknown>) {
  if (levels.indexOf(level) < threshold()) return;
  const line = { level, message, timestamp: new Date().toISOString(), ...about };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const lines = {
  info: (message: string, about: Record<string, unknown> = {}) => write("INFO", message, about),
  warn: (message: string, about: Record<string, unknown> = {}) => write("WARN", message, about),
  error: (message: string, about: Record<string, unknown> = {}) => write("ERROR", message, about),
};

export const log = () => lines;
