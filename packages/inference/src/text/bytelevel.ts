// Byte-level BPE writes each byte as one printable character, so that the vocabulary is plain text.
const encoder = new TextEncoder();

const ALPHABET = (() => {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : extra++));
})();

const WORDS =
  /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

export function toByteLevel(
  text: string,
  { prefixSpace, split }: { prefixSpace: boolean; split: boolean },
): string[] {
  const whole = prefixSpace && !text.startsWith(" ") ? ` ${text}` : text;
  const words = split ? (whole.match(WORDS) ?? []) : [whole];
  return words.map((word) => Array.from(encoder.encode(word), (byte) => ALPHABET[byte]).join(""));
}
