// The embedded AWS's own log. A disk that takes no more must not end the process, so a lost line is no error here.
import { appendFileSync } from "node:fs";

/** Opens the file for every line: lines are few, and the file may be moved away or come back on a disk with room. */
export function openLog(file: string): (line: string) => void {
  let lost = 0;
  return (line) => {
    try {
      appendFileSync(
        file,
        lost > 0 ? `... ${lost} lines before this could not be written\n${line}\n` : `${line}\n`,
      );
      lost = 0;
    } catch {
      lost++;
    }
  };
}
