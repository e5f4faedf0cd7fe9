// Converts a function's result to an HTTP response. In format 2.0, a plain value means status 200 and JSON.
import type { ServerResponse } from "node:http";

export interface HttpResponse {
  statusCode: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** Undefined when the result is not a valid response. */
export function toHttpResponse(payload: string): HttpResponse | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return;
  }
  if (!isStructured(value)) {
    const body = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return { statusCode: 200, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
  }
  const head = toResponseHead(value);
  if (!head) return;
  const { body = "", isBase64Encoded } = value;
  if (typeof body !== "string") return;
  return { ...head, body: Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8") };
}

/** The status and headers of a result, or of the prelude of a streamed one. */
export function toResponseHead(
  value: unknown,
): { statusCode: number; headers: Record<string, string | string[]> } | undefined {
  const { statusCode = 200, headers = {}, cookies = [] } = value as Record<string, any>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return;
  if (typeof headers !== "object" || headers === null || !Array.isArray(cookies)) return;
  const result: Record<string, string | string[]> = { "content-type": "application/json" };
  for (const [name, item] of Object.entries(headers)) result[name.toLowerCase()] = String(item);
  if (cookies.length > 0) result["set-cookie"] = cookies.map(String);
  return { statusCode: status, headers: result };
}

function isStructured(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && "statusCode" in value;
}

export function sendResponse(response: ServerResponse, { statusCode, headers, body }: HttpResponse) {
  response.writeHead(statusCode, { ...headers, "content-length": body.length });
  response.end(body);
}

export function sendError(
  response: ServerResponse,
  statusCode: number,
  message: string,
  headers: Record<string, string> = {},
) {
  const body = Buffer.from(JSON.stringify({ message }));
  sendResponse(response, { statusCode, headers: { "content-type": "application/json", ...headers }, body });
}
