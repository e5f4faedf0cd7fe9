// Reads a multipart/form-data body: first the fields, then the file as a stream.
import { AwsError } from "../../../kernel/error.ts";
import { incompleteBody } from "../errors.ts";
import { LIMITS } from "../limits.ts";

export interface Form {
  /** By lower-cased name. S3 ignores fields after the file. */
  fields: Map<string, string>;
  /** The original names. */
  names: Map<string, string>;
  file: AsyncIterable<Uint8Array>;
  filename: string;
}

const malformedForm = (why: string) =>
  new AwsError(
    "MalformedPOSTRequest",
    `The body of your POST request is not well-formed multipart/form-data: ${why}`,
  );

export async function readForm(source: AsyncIterable<Uint8Array>, contentType: string): Promise<Form> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)?.slice(1).find(Boolean);
  if (!boundary) throw malformedForm("the content type names no boundary.");
  const reader = openReader(source);
  const fields = new Map<string, string>();
  const names = new Map<string, string>();
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let room: number = LIMITS.formBytes;
  // The first delimiter has no line break before it.
  reader.prepend(Buffer.from("\r\n"));
  await drain(reader.until(delimiter));
  while ((await reader.line({ last: true })).trim() !== "--") {
    const { name, filename } = await readHead(reader);
    if (name === "file") return { fields, names, file: reader.until(delimiter), filename: filename ?? "" };
    const parts: Uint8Array[] = [];
    for await (const bytes of reader.until(delimiter)) {
      room -= bytes.length;
      if (room < 0)
        throw new AwsError(
          "MaxPostPreDataLengthExceeded",
          "Your POST request fields preceding the upload file were too large.",
        );
      parts.push(bytes);
    }
    fields.set(name.toLowerCase(), Buffer.concat(parts).toString());
    names.set(name.toLowerCase(), name);
  }
  throw new AwsError(
    "IncorrectNumberOfFilesInPostRequest",
    "POST requires exactly one file upload per request.",
  );
}

async function readHead(reader: Reader): Promise<{ name: string; filename?: string }> {
  let disposition = "";
  for (let line = await reader.line(); line !== ""; line = await reader.line())
    if (/^content-disposition:/i.test(line)) disposition = line;
  const name = /[;\s]name="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw malformedForm("a part has no name.");
  const filename = /[;\s]filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  // Browsers percent-encode quotes and line breaks in names.
  const plain = (text: string) => text.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  return { name: plain(name), filename: filename === undefined ? undefined : plain(filename) };
}

type Reader = ReturnType<typeof openReader>;

function openReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let buffer: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (done) throw incompleteBody();
    buffer = buffer.length === 0 ? Buffer.from(value) : Buffer.concat([buffer, value]);
  };
  return {
    prepend(bytes: Buffer) {
      buffer = Buffer.concat([bytes, buffer]);
    },
    /** `last`: the body may end with this line, which then needs no line break. */
    async line({ last = false } = {}): Promise<string> {
      for (;;) {
        const end = buffer.indexOf("\r\n");
        if (end >= 0) {
          const line = buffer.toString("utf8", 0, end);
          // Keep the line break: a delimiter may follow.
          buffer = buffer.subarray(end + 2);
          return line;
        }
        if (buffer.length > LIMITS.formBytes) throw malformedForm("a line has no end.");
        if (last && buffer.toString("latin1") === "--") return "--";
        await more();
      }
    },
    /** The bytes before `mark`. Consumes `mark` too. */
    async *until(mark: Buffer): AsyncGenerator<Uint8Array> {
      for (;;) {
        const at = buffer.indexOf(mark);
        const safe = at >= 0 ? at : buffer.length - mark.length + 1;
        if (safe > 0) {
          const bytes = buffer.subarray(0, safe);
          buffer = buffer.subarray(safe);
          yield bytes;
        }
        if (at >= 0) {
          buffer = buffer.subarray(mark.length);
          return;
        }
        await more();
      }
    },
  };
}

async function drain(stream: AsyncIterable<unknown>) {
  for await (const _ of stream);
}
