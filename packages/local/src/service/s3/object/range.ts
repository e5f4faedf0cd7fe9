// Byte ranges of reads and copies.
import { AwsError } from "../../../kernel/error.ts";
import { invalidRequest } from "../errors.ts";

export interface Span {
  start: number;
  /** Exclusive. */
  end: number;
}

/** Undefined for the whole object. Invalid headers are ignored, as HTTP requires. */
export function readRange(header: string | undefined, size: number): Span | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(Number(last) + 1, size);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start >= size || end <= start)
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", {
      status: 416,
      fields: { RangeRequested: header, ActualObjectSize: size },
    });
  return { start, end };
}

/** One part of a multipart object. Other objects are their own part 1. */
export function partSpan(number: number, size: number, partSizes: number[] | undefined): Span {
  const sizes = partSizes ?? [size];
  if (number < 1 || number > sizes.length)
    throw new AwsError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
      status: 416,
      fields: { PartNumberRequested: number, ActualPartCount: sizes.length },
    });
  const start = sizes.slice(0, number - 1).reduce((sum, part) => sum + part, 0);
  return { start, end: start + sizes[number - 1]! };
}

/** The range of a part copy must be complete and within the source. */
export function copySpan(header: string, size: number): Span {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  const span = { start: Number(first), end: Number(last) + 1 };
  if (first === undefined || span.end <= span.start || span.end > size)
    throw invalidRequest(`The range ${header} is not valid for the source object of size ${size}.`);
  return span;
}
