import { expect, it } from "vitest";
import { difference } from "./diff.ts";
import type { Lock } from "./lock.ts";

const allow = (...actions: string[]) => ({ Effect: "Allow", Action: actions, Resource: ["${Uploads.arn}"] });
const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

function lock(inputs: Record<string, unknown>, name = "Role"): Lock {
  const resources = [{ name, type: "aws:iam/role:Role", inputs }];
  return { version: 1, sources: "", app: "a", stage: "s", resources, links: {}, functions: {} };
}

it("tells which permission came and which went, whatever the order of the statements", () => {
  const before = lock({ policy: policy(allow("s3:GetObject"), allow("s3:ListBucket")) });
  const after = lock({ policy: policy(allow("s3:ListBucket"), allow("s3:PutObject")) });
  expect(difference(before, after)).toEqual([
    "~ Role.policy no longer: Allow s3:GetObject on ${Uploads.arn}",
    "~ Role.policy now: Allow s3:PutObject on ${Uploads.arn}",
  ]);
});

it("names resources that come and go, and fields that change", () => {
  expect(difference(lock({}), lock({}, "Other"))).toEqual(["+ resource Other", "- resource Role"]);
  expect(difference(lock({ timeout: 1 }), lock({ timeout: 2 }))).toEqual(["~ Role.timeout: 1 -> 2"]);
});

it("is silent about an unchanged graph", () => {
  expect(difference(lock({ policy: policy(allow("a")) }), lock({ policy: policy(allow("a")) }))).toEqual([]);
});
