// Message attributes and their MD5 digests, which SDKs verify.
import { createHash } from "node:crypto";
import { AwsError } from "../../kernel/error.ts";
import { invalid } from "./error.ts";
import { MAX_MESSAGE_ATTRIBUTES } from "./limits.ts";

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}
export type MessageAttributes = Record<string, MessageAttribute>;

export const md5 = (data: string | Uint8Array) => createHash("md5").update(data).digest("hex");

export function checkMessageAttributes(attributes: MessageAttributes) {
  if (Object.keys(attributes).length > MAX_MESSAGE_ATTRIBUTES)
    throw invalid(
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [${MAX_MESSAGE_ATTRIBUTES}].`,
    );
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i.test(name))
      throw invalid(`The message attribute name '${name}' is invalid.`);
    if (!/^(String|Number|Binary)(\..+)?$/.test(DataType ?? ""))
      throw invalid(`The message attribute '${name}' has an invalid message attribute type '${DataType}'.`);
    const value = DataType.startsWith("Binary") ? BinaryValue : StringValue;
    if (!value?.length)
      throw invalid(
        `Message (user) attribute '${name}' must contain a non-empty value of type '${DataType}'.`,
      );
    if (DataType.startsWith("Number") && Number.isNaN(Number(StringValue)))
      throw invalid(`Could not cast message attribute '${name}' value to number.`);
    if (typeof value === "string") checkCharacters(value);
  }
}

// Characters that XML 1.0 cannot contain.
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export function checkCharacters(text: string) {
  if (FORBIDDEN.test(text))
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.",
    );
}

export function attributeBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes))
    bytes += Buffer.byteLength(name + DataType + (StringValue ?? "")) + (BinaryValue?.length ?? 0);
  return bytes;
}

/** SQS's digest: each attribute in name order as length-prefixed name, type, a byte for the kind, and value. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const part = (data: string | Uint8Array) => {
    const bytes = Buffer.from(data as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    part(name);
    part(DataType);
    hash.update(Uint8Array.of(BinaryValue ? 2 : 1));
    part(BinaryValue ?? StringValue ?? "");
  }
  return hash.digest("hex");
}

/** "All", ".*", a name, or a prefix as "name.*". */
export function selectAttributes(attributes: MessageAttributes, wanted: string[]): MessageAttributes {
  const selects = (name: string) =>
    wanted.some((want) =>
      want === "All" || want === ".*"
        ? true
        : want.endsWith(".*")
          ? name.startsWith(want.slice(0, -1))
          : name === want,
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => selects(name)));
}

/** JSON with binary values in base64. */
export const packAttributes = (attributes: MessageAttributes) =>
  JSON.stringify(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) =>
      BinaryValue
        ? [name, DataType, Buffer.from(BinaryValue).toString("base64"), true]
        : [name, DataType, StringValue],
    ),
  );

export function unpackAttributes(text: string): MessageAttributes {
  const packed = JSON.parse(text) as Array<[string, string, string, boolean?]>;
  return Object.fromEntries(
    packed.map(([name, DataType, value, binary]) => [
      name,
      binary
        ? { DataType, BinaryValue: new Uint8Array(Buffer.from(value, "base64")) }
        : { DataType, StringValue: value },
    ]),
  );
}
