// The identity of an access key, and errors that all signature versions share.
import { timingSafeEqual } from "node:crypto";
import { AwsError } from "../kernel/error.ts";
import type { Principal } from "../kernel/service.ts";

export interface Identity {
  secretAccessKey: string;
  sessionToken?: string;
  principal: Principal;
}

export function requireIdentity(
  accessKeyId: string,
  identify: (id: string) => Identity | undefined,
): Identity {
  const identity = identify(accessKeyId);
  if (identity) return identity;
  throw new AwsError(
    "InvalidClientTokenId",
    `The security token included in the request is invalid: this cloud did not issue the access key ${accessKeyId}. ` +
      "Use the keys that it prints when it starts.",
    { status: 403 },
  );
}

export const signatureMismatch = () =>
  new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    { status: 403 },
  );

export const expired = () => new AwsError("AccessDenied", "Request has expired", { status: 403 });

export function equalInConstantTime(a: string, b: string) {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
