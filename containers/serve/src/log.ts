const LEVELS = ["info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

/** One JSON object a line, as CloudWatch Logs Insights reads it. */
export const jsonLog =
  (least: Level): Log =>
  (level, message, fields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    process.stdout.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`,
    );
  };
