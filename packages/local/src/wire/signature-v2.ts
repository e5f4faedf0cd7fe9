// Presigned S3 URLs with Signature Version 2, which `aws s3 presign` still creates.
import { createHmac } from "node:crypto";
import type { Principal } from "../kernel/service.ts";
import {
  expired,
  requireIdentity,
  signatureMismatch,
  equalInConstantTime,
  type Identity,
} from "./identity.ts";
import type { WireRequest } from "./request.ts";

/** Query parameters that are part of the signature. */
const SIGNED = new Set(
  (
    "acl cors delete lifecycle location logging notification partNumber policy requestPayment restore tagging torrent " +
    "uploadId uploads versionId versioning versions website response-cache-control response-content-disposition " +
    "response-content-encoding response-content-language response-content-type response-expires"
  ).split(" "),
);

export function authenticateV2(
  { method, path, query, headers }: WireRequest,
  identify: (accessKeyId: string) => Identity | undefined,
  now: number,
): Principal {
  const identity = requireIdentity(query.get("AWSAccessKeyId") ?? "", identify);
  const expires = query.get("Expires") ?? "";
  const sub = [...query]
    .filter(([name]) => SIGNED.has(name))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .toSorted();
  const amz = Object.entries({ ...headers, ...tokenOf(query) })
    .filter(([name]) => name.startsWith("x-amz-"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const toSign = [
    method,
    headers["content-md5"] ?? "",
    headers["content-type"] ?? "",
    expires,
    amz.join("") + path + (sub.length > 0 ? `?${sub.join("&")}` : ""),
  ].join("\n");
  const signature = createHmac("sha1", identity.secretAccessKey).update(toSign).digest("base64");
  if (!equalInConstantTime(signature, query.get("Signature") ?? "")) throw signatureMismatch();
  if (!(now <= Number(expires) * 1000)) throw expired();
  return identity.principal;
}

function tokenOf(query: URLSearchParams) {
  const token = query.get("x-amz-security-token");
  return token === null ? {} : { "x-amz-security-token": token };
}
