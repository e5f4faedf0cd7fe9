// Signature Version 4, in the header or the query string. Header signatures expire by the wall clock, which clients use;
// presigned URLs by the cloud's clock.
import { createHash, createHmac } from "node:crypto";
import { AwsError } from "../kernel/error.ts";
import type { Principal } from "../kernel/service.ts";
import {
  expired,
  requireIdentity,
  signatureMismatch,
  equalInConstantTime,
  type Identity,
} from "./identity.ts";
import type { WireRequest } from "./request.ts";
import { authenticateV2 } from "./signature-v2.ts";
import { signingKey } from "./signing-key.ts";

interface Claim {
  accessKeyId: string;
  /** "20260101/us-east-1/s3/aws4_request" */
  scope: string;
  date: string;
  signedHeaders: string[];
  signature: string;
  token?: string;
  presigned: boolean;
}

/** The service in the credential scope, unverified, for routing. */
export function claimedService(request: WireRequest): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ??
    request.query.get("X-Amz-Credential");
  return credential?.split("/").at(-2);
}

export async function authenticate(
  request: WireRequest,
  bodyDigest: () => Promise<string>,
  identify: (accessKeyId: string) => Identity | undefined,
  { cloud, wall }: { cloud: number; wall: number },
): Promise<Principal> {
  if (request.query.has("AWSAccessKeyId")) return authenticateV2(request, identify, cloud);
  const claim = readClaim(request);
  const identity = requireIdentity(claim.accessKeyId, identify);
  if (identity.sessionToken !== undefined && identity.sessionToken !== claim.token)
    throw new AwsError("InvalidToken", "The provided session token is malformed or otherwise invalid.", {
      status: 403,
    });
  if (claim.presigned) checkExpiry(request, claim, cloud);
  else checkSkew(claim, wall);

  const digest =
    request.headers["x-amz-content-sha256"] ??
    request.query.get("X-Amz-Content-Sha256") ??
    (claim.presigned && claim.scope.split("/")[2] === "s3" ? "UNSIGNED-PAYLOAD" : await bodyDigest());
  const key = signingKey(identity.secretAccessKey, claim.scope.split("/"));
  const valid = canonicalPaths(request.path).some((path) =>
    equalInConstantTime(sign(key, claim, canonicalRequest(request, claim, path, digest)), claim.signature),
  );
  if (!valid) throw signatureMismatch();
  return identity.principal;
}

function readClaim(request: WireRequest): Claim {
  const { headers, query } = request;
  const header = headers.authorization;
  if (header?.startsWith("AWS4-HMAC-SHA256")) {
    const part = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? "";
    const [accessKeyId = "", ...scope] = part("Credential").split("/");
    const date = headers["x-amz-date"] ?? "";
    if (scope.length !== 4 || !date || !part("Signature")) throw incomplete();
    return {
      accessKeyId,
      scope: scope.join("/"),
      date,
      signedHeaders: part("SignedHeaders").split(";"),
      signature: part("Signature"),
      token: headers["x-amz-security-token"],
      presigned: false,
    };
  }
  if (query.has("X-Amz-Signature")) {
    const [accessKeyId = "", ...scope] = (query.get("X-Amz-Credential") ?? "").split("/");
    if (scope.length !== 4 || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") throw incomplete();
    return {
      accessKeyId,
      scope: scope.join("/"),
      date: query.get("X-Amz-Date") ?? "",
      signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
      signature: query.get("X-Amz-Signature")!,
      token: query.get("X-Amz-Security-Token") ?? undefined,
      presigned: true,
    };
  }
  if (header !== undefined) throw incomplete();
  throw new AwsError("AccessDenied", "Access Denied: the request is not signed.", { status: 403 });
}

const incomplete = () =>
  new AwsError(
    "IncompleteSignature",
    "The Authorization header or query must hold an AWS4-HMAC-SHA256 Credential, SignedHeaders and Signature, and a date.",
    { status: 400 },
  );

const dateOf = ({ date }: Claim) =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

const MINUTE_MS = 60_000;

/** A header signature is valid for 5 minutes (S3: 15), to limit replay of recorded requests. */
function checkSkew(claim: Claim, now: number) {
  const isS3 = claim.scope.split("/")[2] === "s3";
  const off = now - dateOf(claim);
  if (Math.abs(off) <= (isS3 ? 15 : 5) * MINUTE_MS) return;
  const time = new Date(now).toISOString();
  if (isS3)
    throw new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      { status: 403, fields: { RequestTime: claim.date, ServerTime: time } },
    );
  // SDK clients correct their clock by this code and the Date header, and retry.
  throw new AwsError(
    "InvalidSignatureException",
    off > 0
      ? `Signature expired: ${claim.date} is now earlier than ${time} less 5 minutes.`
      : `Signature not yet current: ${claim.date} is still later than ${time} plus 5 minutes.`,
    { status: 403 },
  );
}

function checkExpiry(request: WireRequest, claim: Claim, now: number) {
  const start = dateOf(claim);
  const seconds = Number(request.query.get("X-Amz-Expires"));
  const MAX_SECONDS = 7 * 24 * 3600;
  if (Number.isNaN(start) || !(seconds >= 0 && seconds <= MAX_SECONDS))
    throw new AwsError(
      "AuthorizationQueryParametersError",
      "X-Amz-Date must be an ISO8601 basic date and X-Amz-Expires between 0 and 604800 seconds.",
    );
  if (now > start + seconds * 1000) throw expired();
}

/** S3 signs the path as sent or normalized; other services encode it twice. */
function canonicalPaths(path: string): string[] {
  const encodedTwice = path.split("/").map(encode).join("/");
  let normal = path;
  try {
    normal = path
      .split("/")
      .map((part) => encode(decodeURIComponent(part)))
      .join("/");
  } catch {
    // Not percent-encoded: only the path as sent can match.
  }
  return [...new Set([path || "/", encodedTwice, normal])];
}

function canonicalRequest(request: WireRequest, claim: Claim, path: string, digest: string) {
  const query = request.rawQuery
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
    .map((pair) => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return [encode(decode(name)), encode(decode(value))] as const;
    })
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join("="))
    .join("&");
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`,
  );
  return [request.method, path, query, headers.join(""), claim.signedHeaders.join(";"), digest].join("\n");
}

function sign(key: Buffer, claim: Claim, canonical: string) {
  const toSign = [
    "AWS4-HMAC-SHA256",
    claim.date,
    claim.scope,
    createHash("sha256").update(canonical).digest("hex"),
  ];
  return createHmac("sha256", key).update(toSign.join("\n")).digest("hex");
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function decode(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
