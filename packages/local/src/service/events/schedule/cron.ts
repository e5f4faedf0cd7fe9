// The six fields of AWS's cron: minutes hours day-of-month month day-of-week year, with ? L W # and names.

export interface Cron {
  minutes: Set<number>;
  hours: Set<number>;
  months: Set<number>;
  years: Set<number>;
  /** Whether the schedule includes this day. Weekday 1 is Sunday. */
  day(year: number, month: number, day: number): boolean;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MINUTE_MS = 60_000;
const LAST_YEAR = 2199;

export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return undefined;
  const [minute, hour, date, month, weekday, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const months = values(month, 1, 12, MONTHS);
  const years = values(year, 1970, LAST_YEAR);
  // Exactly one of the two day fields must be `?`.
  if ((date === "?") === (weekday === "?")) return undefined;
  const day = weekday === "?" ? dayOfMonth(date) : dayOfWeek(weekday);
  return minutes && hours && months && years && day ? { minutes, hours, months, years, day } : undefined;
}

/** The first matching minute at or after `from`. Both are local time, encoded as if it were UTC. */
export function nextMatch(cron: Cron, from: number): number | undefined {
  const start = new Date(Math.ceil(from / MINUTE_MS) * MINUTE_MS);
  const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
  for (let at = first; ; at += 86_400_000) {
    const today = new Date(at);
    const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()];
    if (year > LAST_YEAR) return undefined;
    if (!cron.years.has(year) || !cron.months.has(month) || !cron.day(year, month, day)) continue;
    for (let hour = 0; hour < 24; hour++) {
      if (!cron.hours.has(hour)) continue;
      for (let minute = 0; minute < 60; minute++) {
        const match = at + (hour * 60 + minute) * MINUTE_MS;
        if (cron.minutes.has(minute) && match >= start.getTime()) return match;
      }
    }
  }
}

function values(field: string, low: number, high: number, names: string[] = []): Set<number> | undefined {
  const found = new Set<number>();
  const number = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    if (named >= 0) return named + low;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  };
  for (const part of field.split(",")) {
    const [range = "", step, ...more] = part.split("/");
    const [from, to] = range === "*" ? [String(low), String(high)] : range.split("-");
    const start = number(from ?? "");
    // `5/10` runs to the end of the range.
    const end = to === undefined ? (step === undefined ? start : high) : number(to);
    const every = step === undefined ? 1 : Number(step);
    if (start === undefined || end === undefined || start > end || more.length > 0) return undefined;
    if (!Number.isInteger(every) || every < 1) return undefined;
    for (let value = start; value <= end; value += every) found.add(value);
  }
  return found;
}

const lastDay = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

function dayOfMonth(field: string): Cron["day"] | undefined {
  const nearest = /^(\d{1,2}|L)W$/.exec(field);
  if (field === "L") return (year, month, day) => day === lastDay(year, month);
  if (nearest)
    return (year, month, day) => {
      const last = lastDay(year, month);
      const wanted = nearest[1] === "L" ? last : Number(nearest[1]);
      return wanted >= 1 && wanted <= last && day === nearestWeekday(year, month, wanted);
    };
  const days = values(field, 1, 31);
  return days && ((_year, _month, day) => days.has(day));
}

/** Within the month: for Saturday the 1st it is Monday the 3rd. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day > 1 ? day - 1 : day + 2;
  if (weekday === 1) return day < lastDay(year, month) ? day + 1 : day - 2;
  return day;
}

function dayOfWeek(field: string): Cron["day"] | undefined {
  const special = /^(\w+?)(L|#([1-5]))$/i.exec(field);
  const one = special && values(special[1]!, 1, 7, DAYS);
  if (field.toUpperCase() === "L") return (year, month, day) => weekdayOf(year, month, day) === 7;
  if (special && one?.size === 1)
    return (year, month, day) => {
      if (!one.has(weekdayOf(year, month, day))) return false;
      return special[3] ? Math.ceil(day / 7) === Number(special[3]) : day + 7 > lastDay(year, month);
    };
  const days = values(field, 1, 7, DAYS);
  return days && ((year, month, day) => days.has(weekdayOf(year, month, day)));
}
