type Three<T> = readonly [T, T, T];

/**
 * Writes `count` pixels, three bytes each from `from` on, into planes of looked-up numbers from `to` on. Four pixels are three
 * words: reading those takes half the time of reading twelve bytes. (Every platform Node runs on is little-endian.)
 */
export function spread(
  pixels: Uint8Array,
  from: number,
  count: number,
  [red, green, blue]: Three<Float32Array>,
  [reds, greens, blues]: Three<Float32Array>,
  to: number,
) {
  const end = to + count;
  if ((pixels.byteOffset + from) % 4 === 0) {
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset + from, (count >> 2) * 3);
    for (let at = 0; at < words.length; at += 3, to += 4) {
      const first = words[at]!;
      const second = words[at + 1]!;
      const third = words[at + 2]!;
      red[to] = reds[first & 255]!;
      green[to] = greens[(first >>> 8) & 255]!;
      blue[to] = blues[(first >>> 16) & 255]!;
      red[to + 1] = reds[first >>> 24]!;
      green[to + 1] = greens[second & 255]!;
      blue[to + 1] = blues[(second >>> 8) & 255]!;
      red[to + 2] = reds[(second >>> 16) & 255]!;
      green[to + 2] = greens[second >>> 24]!;
      blue[to + 2] = blues[third & 255]!;
      red[to + 3] = reds[(third >>> 8) & 255]!;
      green[to + 3] = greens[(third >>> 16) & 255]!;
      blue[to + 3] = blues[third >>> 24]!;
    }
    from += words.length * 4;
  }
  for (; to < end; to++, from += 3) {
    red[to] = reds[pixels[from]!]!;
    green[to] = greens[pixels[from + 1]!]!;
    blue[to] = blues[pixels[from + 2]!]!;
  }
}
