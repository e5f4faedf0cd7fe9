// The SDK's codecs, used to read requests and write responses.
import { XmlCodec } from "@aws-sdk/core/protocols";
import { JsonCodec2, type JsonShapeDeserializer2 } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../kernel/error.ts";
import { checkTypes } from "./types.ts";

const EPOCH_SECONDS = 7;
const DATE_TIME = 5;

export interface Codec {
  contentType: string;
  read(schema: NormalizedSchema, body: Buffer): Promise<any>;
  write(schema: NormalizedSchema, value: unknown): string | Buffer;
}

export function jsonCodec(options: { contentType: string; names: boolean }): Codec {
  const codec = new JsonCodec2({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    jsonName: options.names,
  } as never);
  let serializer = codec.createSerializer();
  const deserializer = codec.createDeserializer() as JsonShapeDeserializer2;
  checkShape(serializer, ["write", "flush"]);
  checkShape(deserializer, ["readObject"]);
  return {
    contentType: options.contentType,
    async read(schema, body) {
      if (body.length === 0) return {};
      const parsed = parseObject(body);
      let value: unknown;
      try {
        value = deserializer.readObject(schema as never, parsed as never);
      } catch (cause) {
        throw new AwsError(
          "SerializationException",
          `The request does not match its shape: ${String(cause)}`,
          {
            cause,
          },
        );
      }
      checkTypes(schema, value);
      return value;
    },
    write(schema, value) {
      try {
        serializer.write(schema as never, value);
        const bytes = serializer.flush() as unknown as Uint8Array;
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      } catch (error) {
        // A failed serializer keeps partial output: create a new one.
        serializer = codec.createSerializer();
        throw error;
      }
    },
  };
}

function parseObject(body: Buffer): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch (cause) {
    throw new AwsError("SerializationException", `The request's body is not valid JSON: ${String(cause)}`, {
      cause,
    });
  }
  if (parsed !== null && typeof parsed === "object" && !Array.isArray(parsed))
    return parsed as Record<string, unknown>;
  throw new AwsError("SerializationException", "The request's body must be a JSON object.");
}

export function xmlCodec(xmlns: string): Codec {
  const codec = new XmlCodec({
    timestampFormat: { useTrait: true, default: DATE_TIME },
    httpBindings: true,
    xmlNamespace: xmlns,
    serviceNamespace: "",
  } as never);
  const serializer = codec.createSerializer();
  const deserializer = codec.createDeserializer();
  checkShape(serializer, ["write", "flush"]);
  checkShape(deserializer, ["read"]);
  return {
    contentType: "application/xml",
    async read(schema, body) {
      try {
        return await deserializer.read(schema as never, body);
      } catch (cause) {
        throw new AwsError("MalformedXML", "The XML you provided was not well-formed.", { cause });
      }
    },
    write(schema, value) {
      serializer.write(schema as never, value);
      return `<?xml version="1.0" encoding="UTF-8"?>\n${String(serializer.flush())}`;
    },
  };
}

function checkShape(codec: object, methods: string[]) {
  const missing = methods.filter((name) => typeof (codec as Record<string, unknown>)[name] !== "function");
  if (missing.length > 0)
    throw new Error(
      `The AWS SDK's ${codec.constructor.name} no longer has ${missing.join(" and ")}. ` +
        "Use the @aws-sdk and @smithy versions pinned in packages/local/package.json.",
    );
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
