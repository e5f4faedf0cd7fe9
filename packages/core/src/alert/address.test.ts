import { expect, test } from "vitest";
import { checkedLookup, isAllowedAddress, parseWebhookUrl } from "./address.ts";

const aws = { allowLoopback: false };
const local = { allowLoopback: true };

test.each([
  ["8.8.8.8", true, true],
  ["2606:4700::1111", true, true],
  ["127.0.0.1", false, true],
  ["127.9.9.9", false, true],
  ["::1", false, true],
  ["0.0.0.0", false, false],
  ["10.1.2.3", false, false],
  ["100.64.0.1", false, false],
  ["169.254.169.254", false, false],
  ["169.254.170.2", false, false],
  ["172.16.0.1", false, false],
  ["172.32.0.1", true, true],
  ["192.168.1.1", false, false],
  ["198.18.0.1", false, false],
  ["224.0.0.1", false, false],
  ["255.255.255.255", false, false],
  ["::", false, false],
  ["fe80::1", false, false],
  ["fd00:ec2::254", false, false],
  ["ff02::1", false, false],
  ["64:ff9b::a9fe:a9fe", false, false],
  ["2002:7f00:1::", false, false],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", false, false],
  ["::ffff:169.254.169.254", false, false],
  ["::ffff:8.8.8.8", false, false],
])("%s: on AWS %s, on the local cloud %s", (address, onAws, locally) => {
  expect([isAllowedAddress(address, aws), isAllowedAddress(address, local)]).toEqual([onAws, locally]);
});

test.each([
  ["http://example.com/", /scheme http, and must have https/],
  ["ftp://example.com/", /scheme ftp/],
  ["https://user:password@example.com/", /user name or password/],
  ["https://example.com/#part", /fragment/],
  ["example.com", /is not a URL/],
  ["https://169.254.169.254/latest/meta-data", /169\.254\.169\.254, which is not public/],
  ["https://2852039166/", /169\.254\.169\.254, which is not public/],
  ["https://0x7f.1/", /127\.0\.0\.1, which is not public/],
  ["https://[::ffff:10.0.0.1]/", /::ffff:a00:1, which is not public/],
])("%s is refused on AWS", (url, message) => {
  expect(() => parseWebhookUrl(url, aws)).toThrow(
    expect.objectContaining({ code: "WEBHOOK_URL_REFUSED", message: expect.stringMatching(message) }),
  );
});

test("http on this machine is accepted on the local cloud", () => {
  expect(parseWebhookUrl("http://127.0.0.1:8080/alerts", local).port).toBe("8080");
});

test("a name that resolves to an address inside is refused at the connection", async () => {
  const resolve = (policy: typeof aws) =>
    new Promise((done, fail) => {
      checkedLookup(policy)("localhost", { all: true }, (error, found) =>
        error ? fail(error) : done(found),
      );
    });
  await expect(resolve(aws)).rejects.toMatchObject({ code: "WEBHOOK_URL_REFUSED" });
  await expect(resolve(local)).resolves.toEqual(
    expect.arrayContaining([{ address: expect.any(String), family: expect.any(Number) }]),
  );
});
