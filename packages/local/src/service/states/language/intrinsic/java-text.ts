import { isObject, type Json } from "../json.ts";

/** Step Functions formats values as Java does: an object is `{a=1, b=[2]}`. */
export function formatAsJava(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatAsJava).join(", ")}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${formatAsJava(item)}`)
      .join(", ")}}`;
  return String(value);
}
