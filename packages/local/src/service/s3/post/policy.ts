// The signed policy of a POST form: its allowed fields and values.
import { createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Principal } from "../../../kernel/service.ts";
import { signingKey } from "../../../wire/signing-key.ts";
import { badSignature } from "../errors.ts";

export interface SizeRange {
  min: number;
  max: number;
}

const denied = (why: string) =>
  new AwsError("AccessDenied", `Invalid according to Policy: ${why}`, { status: 403 });

/** The principal whose key signed the policy. Forms without a policy are rejected. */
export function verifySignature(fields: Map<string, string>, identify: Kernel["identify"]): Principal {
  const policy = fields.get("policy");
  const credential = fields.get("x-amz-credential");
  if (policy === undefined || credential === undefined)
    throw new AwsError("AccessDenied", "Access Denied: the form carries no signed policy.", { status: 403 });
  if (fields.get("x-amz-algorithm") !== "AWS4-HMAC-SHA256")
    throw new AwsError("InvalidArgument", 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const [accessKeyId = "", ...scope] = credential.split("/");
  const identity = identify(accessKeyId);
  if (!identity)
    throw new AwsError(
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      { status: 403, fields: { AWSAccessKeyId: accessKeyId } },
    );
  const expected = createHmac("sha256", signingKey(identity.secretAccessKey, scope))
    .update(policy)
    .digest("hex");
  const given = Buffer.from(fields.get("x-amz-signature") ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, Buffer.from(expected)))
    throw badSignature();
  return identity.principal;
}

/** Throws when a field violates the policy. Returns the allowed size of the file. */
export function checkPolicy(
  fields: Map<string, string>,
  { bucket, key, now }: { bucket: string; key: string; now: number },
): SizeRange {
  const { expiration, conditions } = parsePolicy(fields.get("policy") ?? "");
  if (!(now < expiration)) throw denied("Policy expired.");
  const values = new Map(fields).set("bucket", bucket).set("key", key);
  const allowed = new Set(["policy", "x-amz-signature", "file"]);
  const size: SizeRange = { min: 0, max: Infinity };
  for (const condition of conditions) {
    if (Array.isArray(condition) && String(condition[0]).toLowerCase() === "content-length-range") {
      [size.min, size.max] = [Number(condition[1]), Number(condition[2])];
      if (!(size.min >= 0 && size.min <= size.max)) throw invalidPolicy();
      continue;
    }
    const tests = Array.isArray(condition)
      ? [condition]
      : Object.entries(condition).map(([name, value]) => ["eq", `$${name}`, value]);
    for (const [kind, name, wanted] of tests) {
      const field = String(name).replace(/^\$/, "").toLowerCase();
      allowed.add(field);
      const value = values.get(field) ?? "";
      const holds =
        String(kind).toLowerCase() === "starts-with"
          ? startsWith(field, value, String(wanted))
          : String(kind).toLowerCase() === "eq" && value === String(wanted);
      if (!holds) throw denied(`Policy Condition failed: ${JSON.stringify([kind, name, wanted])}`);
    }
  }
  for (const field of fields.keys())
    if (!allowed.has(field) && !field.startsWith("x-ignore-")) throw denied(`Extra input fields: ${field}`);
  return size;
}

/** Each of several content types must match. */
const startsWith = (field: string, value: string, prefix: string) =>
  (field === "content-type" ? value.split(",") : [value]).every((one) => one.startsWith(prefix));

function parsePolicy(encoded: string): { expiration: number; conditions: object[] } {
  try {
    const { expiration, conditions } = JSON.parse(Buffer.from(encoded, "base64").toString());
    const time = Date.parse(expiration);
    if (!Number.isNaN(time) && Array.isArray(conditions) && conditions.every(isObject))
      return { expiration: time, conditions };
  } catch {
    // Fails with the same error as an incomplete policy.
  }
  throw invalidPolicy();
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;

const invalidPolicy = () =>
  new AwsError(
    "InvalidPolicyDocument",
    "Invalid Policy: it must be base64 of JSON with an expiration and a list of conditions.",
  );
