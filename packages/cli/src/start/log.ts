// Log file of the local cloud. A full disk must not stop the process, so it drops lines and counts them.
import { appendFileSync } from "node:fs";

/** Opens the file for each line, because it may be moved or the disk may get free space again. */
export function openLog(file: string): (line: string) => void {
  let lost = 0;
  return (line) => {
    try {
      appendFileSync(
        file,
        lost > 0 ? `... ${lost} earlier lines could not be written\n${line}\n` : `${line}\n`,
      );
      lost = 0;
    } catch {
      lost++;
    }
  };
}
