// Access keys. Root keys are fixed and public: the cloud listens on loopback only, and whoever can reach it owns the
// machine's state anyway. Role keys are made on demand and kept, so that a link signed yesterday works after a restart.
import { createHash, randomBytes } from "node:crypto";
import type { Principal } from "./service.ts";
import type { Store } from "./store.ts";

/** Root access keys; each one's secret is the key itself. */
const ROOT_KEYS = new Set(["local", "test", "testing"]);

export const ROOT_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

export interface IssuedKey {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export interface Credentials {
  issue(roleArn: string, session: string): IssuedKey;
  identify(
    accessKeyId: string,
  ): { secretAccessKey: string; sessionToken?: string; principal: Principal } | undefined;
}

interface KeyRow {
  secret: string;
  token: string;
  role: string;
  session: string;
}

export function openCredentials(store: Store): Credentials {
  store.define(`create table if not exists iam_keys (
    id text primary key, secret text not null, token text not null, role text not null, session text not null
  ) strict`);
  const find = (id: string) => store.get<KeyRow>("select * from iam_keys where id = ?", id);
  return {
    issue(roleArn, session) {
      const digest = createHash("sha256").update(`${roleArn}\n${session}`).digest("hex");
      const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`;
      store.run(
        "insert or ignore into iam_keys (id, secret, token, role, session) values (?, ?, ?, ?, ?)",
        accessKeyId,
        randomBytes(30).toString("base64url"),
        randomBytes(48).toString("base64url"),
        roleArn,
        session,
      );
      const row = find(accessKeyId)!;
      return { accessKeyId, secretAccessKey: row.secret, sessionToken: row.token };
    },
    identify(accessKeyId) {
      if (ROOT_KEYS.has(accessKeyId)) return { secretAccessKey: accessKeyId, principal: { kind: "root" } };
      const row = find(accessKeyId);
      if (!row) return undefined;
      return {
        secretAccessKey: row.secret,
        sessionToken: row.token,
        principal: { kind: "role", arn: row.role, session: row.session },
      };
    },
  };
}
