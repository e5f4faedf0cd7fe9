// POST Object: uploads from HTML forms with a signed policy.
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import type { S3 } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { putObject } from "../object/put.ts";
import { readForm } from "./form.ts";
import { checkPolicy, verifySignature } from "./policy.ts";

const FIELDS: Record<string, string> = {
  "cache-control": "CacheControl",
  "content-type": "ContentType",
  "content-disposition": "ContentDisposition",
  "content-encoding": "ContentEncoding",
  "content-language": "ContentLanguage",
  expires: "Expires",
  tagging: "Tagging",
  "x-amz-storage-class": "StorageClass",
  "x-amz-checksum-crc32": "ChecksumCRC32",
  "x-amz-checksum-crc32c": "ChecksumCRC32C",
  "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
  "x-amz-checksum-sha1": "ChecksumSHA1",
  "x-amz-checksum-sha256": "ChecksumSHA256",
};

export async function handleForm(s3: S3, bucket: string, request: IncomingMessage, response: ServerResponse) {
  const { kernel } = s3;
  const { fields, file, filename } = await readForm(request, request.headers["content-type"] ?? "");
  const principal = verifySignature(fields, kernel.identify);
  const template = fields.get("key");
  if (!template)
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
      "key",
      "",
    );
  // Some browsers send the whole path of the file.
  const key = template.replaceAll("${filename}", () => filename.split(/[\\/]/).at(-1)!);
  const Size = checkPolicy(fields, { bucket, key, now: kernel.clock.now() });
  const input: Record<string, unknown> = { Bucket: bucket, Key: key, Body: file, Size, Metadata: {} };
  for (const [name, value] of fields) {
    const member = FIELDS[name];
    if (member) input[member] = value;
    else if (name.startsWith("x-amz-meta-"))
      (input.Metadata as Record<string, string>)[name.slice("x-amz-meta-".length)] = value;
  }
  // Through the kernel, so that permissions and fault rules apply.
  const { ETag, VersionId } = await kernel.call("s3", "PostObject", input, principal);
  respond(response, fields, { bucket, key, etag: ETag, version: VersionId, endpoint: kernel.cloud.endpoint });
}

export function postOperation(s3: S3): Operation {
  return ({ Size: { min, max }, ...input }, call) =>
    putObject(s3, input, call, {
      reason: "POST Object",
      maxBytes: Math.min(max, LIMITS.putBytes),
      check(size) {
        if (size < min)
          throw new AwsError(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            {
              fields: { ProposedSize: size, MinSizeAllowed: min },
            },
          );
      },
    });
}

interface Posted {
  bucket: string;
  key: string;
  etag: string;
  version?: string;
  endpoint: string;
}

function respond(response: ServerResponse, fields: Map<string, string>, posted: Posted) {
  const { bucket, key, etag, version } = posted;
  const location = `${posted.endpoint}/${bucket}/${encodeURIComponent(key).replaceAll("%2F", "/")}`;
  response.setHeader("etag", etag);
  response.setHeader("location", location);
  if (version) response.setHeader("x-amz-version-id", version);
  const redirect = fields.get("success_action_redirect") ?? fields.get("redirect");
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) target.searchParams.set(name, value);
    response.writeHead(303, { location: target.href }).end();
    return;
  }
  const status = Number(fields.get("success_action_status"));
  if (status !== 201) {
    response.writeHead(status === 200 ? 200 : 204).end();
    return;
  }
  const members = Object.entries({ Location: location, Bucket: bucket, Key: key, ETag: etag });
  response.writeHead(201, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${members.map(([name, text]) => `<${name}>${escape(text)}</${name}>`).join("")}</PostResponse>`,
  );
}

const escape = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
