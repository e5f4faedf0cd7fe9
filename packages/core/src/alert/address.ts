// Which addresses a webhook may have: public ones only, so that a rule reaches no service inside the network.
import { lookup, type LookupAddress } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { SluiceError } from "../error/error.ts";

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  // Carrier-grade NAT.
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Link-local: the metadata service of EC2 and the credentials of containers.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved and broadcast.
  ["224.0.0.0", 3],
] as const)
  notPublic.addSubnet(network, prefix, "ipv4");
// Inside 2000::/3, the only global block: protocol assignments with Teredo, documentation, and 6to4.
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  notPublic.addSubnet(network, prefix, "ipv6");

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export interface AddressPolicy {
  /** On the local cloud: receivers on the same machine, also without TLS. */
  allowLoopback: boolean;
}

export function isAllowedAddress(address: string, { allowLoopback }: AddressPolicy): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (loopback.check(address, family)) return allowLoopback;
  if (family === "ipv4") return !notPublic.check(address);
  // IPv4-mapped addresses and other translations are outside of the global block.
  return globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
}

/** The URL of a webhook, without credentials and with an allowed scheme. An address instead of a name is checked too. */
export function parseWebhookUrl(text: string, policy: AddressPolicy): URL {
  const refuse = (why: string) => new SluiceError("WEBHOOK_URL_REFUSED", `The URL of the webhook ${why}.`);
  if (!URL.canParse(text)) throw refuse("is not a URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(policy.allowLoopback && url.protocol === "http:"))
    throw refuse(`has the scheme ${url.protocol.slice(0, -1)}, and must have https`);
  if (url.username || url.password) throw refuse("contains a user name or password");
  if (url.hash) throw refuse("contains a fragment");
  const address = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) && !isAllowedAddress(address, policy)) throw refusedAddress(url.hostname, address);
  return url;
}

/** Resolves a host for a connection and checks every address, so that the checked address is the one connected to. */
export const checkedLookup =
  (policy: AddressPolicy): LookupFunction =>
  (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, []);
      const refused = found.find(({ address }) => !isAllowedAddress(address, policy));
      if (refused) return done(refusedAddress(host, refused.address), []);
      return options.all ? done(null, found) : done(null, found[0]!.address, found[0]!.family);
    });

const refusedAddress = (host: string, address: string) =>
  new SluiceError(
    "WEBHOOK_URL_REFUSED",
    `The webhook's host ${host} has the address ${address}, which is not public.`,
  );
