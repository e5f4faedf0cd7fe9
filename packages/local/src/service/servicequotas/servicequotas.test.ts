// The quotas of an account: what Service Quotas lists is what SageMaker and Lambda enforce.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  DEFAULT_ACCOUNT,
  instanceQuota,
  NEW_ACCOUNT,
  quotaOf,
  readQuotas,
  SERVERLESS_CONCURRENCY,
  SERVERLESS_MEMORY,
} from "../../kernel/quotas.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sagemaker } from "../sagemaker/plugin.ts";
import { servicequotas } from "./plugin.ts";

let kernel: TestKernel | undefined;
const folders: string[] = [];
afterEach(async () => {
  await kernel?.dispose();
  kernel = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function account(quotas = NEW_ACCOUNT) {
  kernel = await testKernel({ plugins: [servicequotas, sagemaker], quotas });
  return (operation: string, input: object) => kernel!.call("servicequotas", operation, input);
}

async function all(request: (operation: string, input: object) => Promise<any>, MaxResults?: number) {
  const found: Array<{ QuotaName: string; QuotaCode: string; Value: number }> = [];
  let NextToken: string | undefined;
  do {
    const page: any = await request("ListServiceQuotas", { ServiceCode: "sagemaker", MaxResults, NextToken });
    found.push(...page.Quotas);
    ({ NextToken } = page);
  } while (NextToken);
  return found;
}

describe("Service Quotas", () => {
  test("lists every quota once over pages, and finds one by its code", async () => {
    const request = await account();
    const listed = await all(request, 30);
    expect(new Set(listed.map(({ QuotaCode }) => QuotaCode)).size).toBe(listed.length);
    const spot = listed.find(
      ({ QuotaName }) => QuotaName === instanceQuota("ml.m5.xlarge", "spot training job"),
    )!;
    expect(spot.Value).toBe(0);
    const { QuotaCode } = spot;
    expect(await request("GetServiceQuota", { ServiceCode: "sagemaker", QuotaCode })).toMatchObject({
      Quota: { QuotaName: spot.QuotaName, Value: 0 },
    });
    expect(await request("GetAWSDefaultServiceQuota", { ServiceCode: "sagemaker", QuotaCode })).toMatchObject(
      { Quota: { Value: quotaOf(DEFAULT_ACCOUNT, "sagemaker", spot.QuotaName) } },
    );
    expect(
      await request("GetServiceQuota", { ServiceCode: "lambda", QuotaCode: "L-B99A9384" }),
    ).toMatchObject({ Quota: { Value: 10 } });
  });

  test("does not list the memory of a serverless endpoint, as on AWS", async () => {
    expect((await all(await account())).map(({ QuotaName }) => QuotaName)).not.toContain(SERVERLESS_MEMORY);
  });

  test.each([
    ["GetServiceQuota", { ServiceCode: "sagemaker", QuotaCode: "L-00000000" }, "NoSuchResourceException"],
    ["ListServiceQuotas", { ServiceCode: "ec2" }, "NoSuchResourceException"],
    ["ListServiceQuotas", { ServiceCode: "sagemaker", MaxResults: 101 }, "IllegalArgumentException"],
  ])("%s of %o fails with %s", async (operation, input, code) => {
    const request = await account();
    await expect(request(operation, input)).rejects.toMatchObject({ code });
  });
});

describe("quotas of a file", () => {
  const file = (content: string) => {
    const folder = mkdtempSync(path.join(tmpdir(), "quotas-"));
    folders.push(folder);
    const name = path.join(folder, "quotas.json");
    writeFileSync(name, content);
    return name;
  };

  test("replace those of a new account", () => {
    const quotas = readQuotas(file(JSON.stringify({ sagemaker: { [SERVERLESS_CONCURRENCY]: 20 } })));
    expect(quotaOf(quotas, "sagemaker", SERVERLESS_CONCURRENCY)).toBe(20);
    expect(quotaOf(quotas, "sagemaker", SERVERLESS_MEMORY)).toBe(3_072);
  });

  test.each([
    ["{", /is no readable JSON file/],
    ['{"ec2":{}}', /unknown service "ec2"/],
    [`{"lambda":{"Concurrent executions":"10"}}`, /"Concurrent executions" must be a number/],
  ])("that are invalid are an error with the field: %s", (content, says) => {
    expect(() => readQuotas(file(content))).toThrow(says);
  });
});
