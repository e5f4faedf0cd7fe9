import { EXIT, Failure } from "../terminal/failure.ts";

/** "22:00-07:00"; the API checks times and zone. */
export function parseQuietHours(quiet: string | undefined, zone: string | undefined) {
  if (quiet === undefined) {
    if (zone === undefined) return undefined;
    throw usage("--zone needs --quiet.");
  }
  const [from, to, ...more] = quiet.split("-");
  if (!from || !to || more.length > 0) throw usage(`--quiet: "${quiet}" is not a range of times.`);
  return { from, to, zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
}

const usage = (message: string) =>
  new Failure("USAGE_WRONG", message, {
    exit: EXIT.usage,
    hint: "Use, for example, `--quiet 22:00-07:00 --zone Europe/Berlin`.",
  });
