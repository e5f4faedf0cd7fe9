// Reads the headers of WebSocket frames, because `ws` limits messages but not frames.

/** Returns a function for each chunk of the stream. It reports the payload's size of each frame. */
export function frameReader(report: (bytes: number) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(14);
  let filled = 0;
  let payloadLeft = 0;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, chunk.length - at);
        payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      header[filled++] = chunk[at++]!;
      if (filled < 2 || filled < headerBytes(header[1]!)) continue;
      payloadLeft = payloadBytes(header);
      filled = 0;
      report(payloadLeft);
    }
  };
}

const MASKED = 0x80;
const LENGTH = 0x7f;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

function headerBytes(second: number) {
  const length = second & LENGTH;
  return 2 + (length === TWO_BYTES ? 2 : length === EIGHT_BYTES ? 8 : 0) + (second & MASKED ? 4 : 0);
}

function payloadBytes(header: Buffer) {
  const length = header[1]! & LENGTH;
  if (length === TWO_BYTES) return header.readUInt16BE(2);
  return length === EIGHT_BYTES ? Number(header.readBigUInt64BE(2)) : length;
}
