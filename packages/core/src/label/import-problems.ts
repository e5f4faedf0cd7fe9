// The problems of an import, limited to what its record can hold (400 KB).
import type { Problem } from "@sluice/labels/format/problem.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { jsonBytes } from "./label.ts";

const maxProblems = 200;
const maxBytes = 300_000;
const maxMessageLength = 500;
const maxFileLength = 1_100;
/** The end of a message states the reason. */
const endLength = 200;

/** Label files may contain any text, and DynamoDB stores well-formed text only. */
export const shorten = (text: string, maxLength = maxMessageLength) =>
  (text.length > maxLength
    ? `${text.slice(0, maxLength - endLength)} ... ${text.slice(-endLength)}`
    : text
  ).toWellFormed();

export function problemList() {
  const problems: Problem[] = [];
  let [problemCount, bytes] = [0, 0];
  return {
    add({ file, message, ...rest }: Problem) {
      problemCount += 1;
      const problem = { ...rest, file: shorten(file, maxFileLength), message: shorten(message) };
      bytes += jsonBytes(problem);
      if (problems.length < maxProblems && bytes < maxBytes) problems.push(problem);
    },
    result: () => ({ problemCount, problems: withoutUndefined(problems) }),
  };
}
