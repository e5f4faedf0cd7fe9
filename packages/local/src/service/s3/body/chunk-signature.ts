// Chunk signatures of an upload (STREAMING-AWS4-HMAC-SHA256-PAYLOAD). Each includes the previous one, so chunks cannot be
// changed, dropped or reordered.
import { createHash, createHmac, type Hash } from "node:crypto";
import type { Kernel } from "../../../kernel/service.ts";
import { signingKey } from "../../../wire/signing-key.ts";
import { badSignature } from "../errors.ts";

export interface ChunkVerifier {
  update(bytes: Uint8Array): void;
  /** Ends a chunk and checks its signature. */
  end(signature: string): void;
  trailers(trailers: Record<string, string>): void;
}

const EMPTY = createHash("sha256").digest("hex");

export function chunkVerifier(
  headers: Record<string, string>,
  identify: Kernel["identify"],
): ChunkVerifier | undefined {
  if (!headers["x-amz-content-sha256"]?.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) return undefined;
  const authorization = headers.authorization ?? "";
  const [accessKeyId = "", ...scope] = (/Credential=([^,\s]+)/.exec(authorization)?.[1] ?? "").split("/");
  const secret = identify(accessKeyId)?.secretAccessKey;
  let previous = /Signature=([0-9a-f]{64})/.exec(authorization)?.[1];
  if (secret === undefined || previous === undefined) throw badSignature();

  const key = signingKey(secret, scope);
  const sign = (kind: string, digests: string[]) => {
    const lines = [
      `AWS4-HMAC-SHA256-${kind}`,
      headers["x-amz-date"] ?? "",
      scope.join("/"),
      previous,
      ...digests,
    ];
    return createHmac("sha256", key).update(lines.join("\n")).digest("hex");
  };
  const check = (expected: string, signature: string | undefined) => {
    if (expected !== signature) throw badSignature();
    previous = signature;
  };
  let hash: Hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    end(signature) {
      check(sign("PAYLOAD", [EMPTY, hash.digest("hex")]), signature);
      hash = createHash("sha256");
    },
    trailers({ "x-amz-trailer-signature": signature, ...named }) {
      const lines = Object.entries(named).map(([name, value]) => `${name}:${value}\n`);
      if (lines.length > 0)
        check(sign("TRAILER", [createHash("sha256").update(lines.join("")).digest("hex")]), signature);
    },
  };
}
