// Writes errors in each protocol's format.
import { AwsError } from "../kernel/error.ts";
import { StorageError } from "../kernel/storage-error.ts";
import type { WireService } from "./catalog.ts";
import { escapeXml, type Codec } from "./codec.ts";
import type { Model, ModelledError } from "./model.ts";
import { queryError } from "./query.ts";
import type { HttpResponse } from "./rest.ts";
import { headerText } from "./text.ts";

export interface ResponseFormat {
  entry: WireService;
  protocol: WireService["protocol"];
  codec: Codec;
  model?: Model;
}

export function writeError(
  { entry, protocol, codec, model }: ResponseFormat,
  error: AwsError,
  requestId: string,
): HttpResponse {
  const modelled = findError(model, error.code);
  const code = modelled?.name ?? error.code;
  const known = modelled?.error;
  // The default status means that of the model.
  const status = error.status === 400 ? (known?.status ?? 400) : error.status;
  if (status === 304) return { status, headers: {} };

  if (protocol === "query") {
    const { xmlns } = entry.query!;
    return {
      status,
      headers: { "content-type": "text/xml" },
      body: queryError(known?.queryCode ?? code, error.message, status, xmlns, requestId),
    };
  }
  if (protocol === "rest-xml") {
    const fields = Object.entries(error.fields).map(
      ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
    );
    return {
      status,
      headers: { "content-type": "application/xml" },
      body:
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(code)}</Code>` +
        `<Message>${escapeXml(error.message)}</Message>${fields.join("")}<RequestId>${requestId}</RequestId></Error>`,
    };
  }
  const fields = known ? JSON.parse(String(codec.write(known.schema, error.fields))) : error.fields;
  const headers: Record<string, string> = { "content-type": codec.contentType };
  if (protocol === "rest-json") headers["x-amzn-errortype"] = headerText(code);
  if (entry.query && protocol === "json")
    headers["x-amzn-query-error"] =
      `${headerText(known?.queryCode ?? code)};${status < 500 ? "Sender" : "Receiver"}`;
  const type = protocol === "json" ? { __type: `${known ? (entry.errorNamespace ?? "") : ""}${code}` } : {};
  return {
    status,
    headers,
    body: JSON.stringify({ ...type, [messageName(known)]: error.message, ...fields }),
  };
}

function findError(
  model: Model | undefined,
  code: string,
): { name: string; error: ModelledError } | undefined {
  const direct = model?.errors.get(code);
  if (direct) return { name: code, error: direct };
  for (const [name, error] of model?.errors ?? []) if (error.queryCode === code) return { name, error };
  return undefined;
}

/** Models name the member "message" or "Message", and clients read only that of the model. */
function messageName(known: ModelledError | undefined) {
  const names = known?.schema.isStructSchema()
    ? [...known.schema.structIterator()].map(([name]) => name)
    : [];
  return names.find((name) => name.toLowerCase() === "message") ?? "message";
}

/** Converts other errors: storage errors to 503 (logged already), bugs to 500. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof StorageError)
    return new AwsError("ServiceUnavailable", error.message, { status: 503 });
  return new AwsError("InternalServerError", "The embedded AWS failed. See its log for the reason.", {
    status: 500,
    cause: error,
  });
}
