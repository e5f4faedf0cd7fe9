/** Reports a problem that belongs to no request, for the operator's terminal and CloudWatch Logs. */
export type Log = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;
