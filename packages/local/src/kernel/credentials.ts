// Access keys. Each state folder has its own root key pair: other users and web pages can reach the port and must not
// be able to sign. Role keys are created on demand. Both are stored.
import { createHash, randomBytes, randomInt } from "node:crypto";
import type { Principal } from "./service.ts";
import type { Store } from "./store.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export interface IssuedKey {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export interface Credentials {
  root: { accessKeyId: string; secretAccessKey: string };
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
  ) strict;
  create table if not exists iam_root_key (
    one integer primary key check (one = 1), id text not null, secret text not null
  ) strict`);
  const root = openRootKey(store);
  const find = (id: string) => store.get<KeyRow>`select * from iam_keys where id = ${id}`;
  return {
    root,
    issue(roleArn, session) {
      const digest = createHash("sha256").update(`${roleArn}\n${session}`).digest("hex");
      const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`;
      store.run`insert or ignore into iam_keys (id, secret, token, role, session)
        values (${accessKeyId}, ${randomBytes(30).toString("base64url")},
        ${randomBytes(48).toString("base64url")}, ${roleArn}, ${session})`;
      const row = find(accessKeyId)!;
      return { accessKeyId, secretAccessKey: row.secret, sessionToken: row.token };
    },
    identify(accessKeyId) {
      if (accessKeyId === root.accessKeyId)
        return { secretAccessKey: root.secretAccessKey, principal: { kind: "root" } };
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

function openRootKey(store: Store): Credentials["root"] {
  store.run(
    "insert or ignore into iam_root_key (one, id, secret) values (1, ?, ?)",
    `AKIA${Array.from({ length: 16 }, () => BASE32[randomInt(32)]).join("")}`,
    // 30 bytes are the 40 characters of AWS's own secrets; no "/" or "+", which shells and INI files may mangle.
    randomBytes(30).toString("base64url"),
  );
  const { id, secret } = store.get<{ id: string; secret: string }>("select id, secret from iam_root_key")!;
  return { accessKeyId: id, secretAccessKey: secret };
}
