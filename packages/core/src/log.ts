// Structured logs: one JSON object per line, so that CloudWatch Logs can query fields.
const levels = ["DEBUG", "INFO", "WARN", "ERROR", "SILENT"] as const;
type Level = Exclude<(typeof levels)[number], "SILENT">;

/** By SLUICE_LOG_LEVEL; the default is INFO. */
function threshold(): number {
  const index = levels.indexOf((process.env.SLUICE_LOG_LEVEL ?? "").toUpperCase() as Level);
  return index === -1 ? levels.indexOf("INFO") : index;
}

function write(level: Level, message: string, fields: Record<string, unknown>) {
  if (levels.indexOf(level) < threshold()) return;
  const line = { level, message, timestamp: new Date().toISOString(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const lines = {
  info: (message: string, fields: Record<string, unknown> = {}) => write("INFO", message, fields),
  warn: (message: string, fields: Record<string, unknown> = {}) => write("WARN", message, fields),
  error: (message: string, fields: Record<string, unknown> = {}) => write("ERROR", message, fields),
};

export const log = () => lines;
