export type LabelErrorCode = "FORMAT_UNKNOWN" | "FORMAT_CANNOT_HOLD";

export const hints: Record<LabelErrorCode, string> = {
  FORMAT_UNKNOWN: "Name the label format, or arrange the files as one of the formats requires.",
  FORMAT_CANNOT_HOLD: "Choose a format that can hold these labels, such as jsonl.",
};

export class LabelError extends Error {
  override name = "LabelError";
  readonly code: LabelErrorCode;
  readonly hint: string;
  readonly category = "invalid";

  constructor(code: LabelErrorCode, message: string, { hint = hints[code] }: { hint?: string } = {}) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
