// SentencePiece's normaliser: a table of replacements, compiled to a double-array trie. The trie is a list of 32-bit units:
// https://github.com/s-yata/darts-clone describes their bits.

/** Longer groups of characters are replaced character by character, as in the reference library. */
const MAX_GROUP_BYTES = 6;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `charsmap` is base64: the size of the trie in bytes, the trie, and texts that end with a zero. */
export function createPrecompiled(charsmap: string): (text: string) => string {
  const data = Buffer.from(charsmap, "base64");
  const size = data.readUInt32LE(0);
  if (4 + size > data.length) throw new Error("its charsmap is shorter than it states");
  const units = Uint32Array.from({ length: size / 4 }, (_, index) => data.readUInt32LE(4 + index * 4));
  const texts = data.subarray(4 + size);
  const replace = (part: string): string | undefined => {
    const at = findShortest(units, encoder.encode(part));
    return at === undefined ? undefined : decoder.decode(texts.subarray(at, texts.indexOf(0, at)));
  };
  return (text) => {
    let result = "";
    for (const { segment } of segmenter.segment(text)) {
      const whole = Buffer.byteLength(segment) < MAX_GROUP_BYTES ? replace(segment) : undefined;
      if (whole !== undefined) result += whole;
      else for (const character of segment) result += replace(character) ?? character;
    }
    return result;
  };
}

/** The value of the shortest key that the bytes start with. */
function findShortest(units: Uint32Array, bytes: Uint8Array): number | undefined {
  let position = offsetOf(units[0]!);
  for (const byte of bytes) {
    position ^= byte;
    const unit = units[position];
    if (byte === 0 || unit === undefined || (unit & 0x8000_00ff) >>> 0 !== byte) return undefined;
    position ^= offsetOf(unit);
    const hasValue = (unit & 0x100) !== 0;
    if (hasValue) return units[position]! & 0x7fff_ffff;
  }
  return undefined;
}

const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);
