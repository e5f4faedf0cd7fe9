// Schedule expressions: rate(5 minutes), cron(0 12 * * ? *), at(2026-01-01T00:00:00).
import { nextMatch, parseCron } from "./cron.ts";

export interface Schedule {
  /** The first run after `after`: the last run, or the time of creation. */
  next(after: number): number | undefined;
}

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Undefined when the expression is not valid. */
export function parseSchedule(expression: string, zone = "UTC"): Schedule | undefined {
  const [, kind, body = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  const offset = zoneOffset(zone);
  if (!offset) return undefined;
  if (kind === "rate") return rate(body);
  if (kind === "at") return once(body, offset);
  return kind === "cron" ? cron(body, offset) : undefined;
}

function rate(body: string): Schedule | undefined {
  const [, count, unit, plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(body.trim()) ?? [];
  if (!unit || Number(count) < 1) return undefined;
  // "1 minute" but "5 minutes": AWS rejects other forms.
  if (Number(count) > 1 !== (plural === "s")) return undefined;
  const every = Number(count) * UNIT_MS[unit]!;
  return { next: (after) => after + every };
}

function once(body: string, offset: Offset): Schedule | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) return undefined;
  const wall = Date.parse(`${body}Z`);
  if (Number.isNaN(wall)) return undefined;
  const at = toUtc(wall, offset) ?? wall - offset(wall);
  return { next: (after) => (at > after ? at : undefined) };
}

function cron(body: string, offset: Offset): Schedule | undefined {
  const fields = parseCron(body);
  if (!fields) return undefined;
  return {
    next(after) {
      for (let wall = after + offset(after) + 1; ;) {
        const match = nextMatch(fields, wall);
        if (match === undefined) return undefined;
        const at = toUtc(match, offset);
        // Times that daylight saving skips do not run; repeated times run once.
        if (at !== undefined && at > after) return at;
        wall = match + 1;
      }
    },
  };
}

/** The zone's offset from UTC at an instant, in milliseconds. */
type Offset = (instant: number) => number;

function zoneOffset(zone: string): Offset | undefined {
  if (zone === "UTC") return () => 0;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    return (instant) => {
      const name = format.formatToParts(instant).find((part) => part.type === "timeZoneName")!.value;
      const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)!;
      return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
    };
  } catch {
    return undefined;
  }
}

function toUtc(wall: number, offset: Offset): number | undefined {
  const day = 86_400_000;
  return [offset(wall - day), offset(wall + day)]
    .map((one) => wall - one)
    .filter((instant) => instant + offset(instant) === wall)
    .toSorted((a, b) => a - b)[0];
}
