// A set of strings that stores 53-bit digests: a million take 16 MB. One in about ten thousand sets of this size has
// a collision.

export function keySet() {
  let slots = new Float64Array(1_024);
  let size = 0;
  /** The digest's slot, or the free slot for it. */
  const find = (digest: number, table: Float64Array) => {
    let at = digest % table.length;
    while (table[at] !== 0 && table[at] !== digest) at = (at + 1) % table.length;
    return at;
  };
  const grow = () => {
    const larger = new Float64Array(slots.length * 2);
    for (const digest of slots) if (digest !== 0) larger[find(digest, larger)] = digest;
    slots = larger;
  };
  return {
    /** False for a key that the set contains already. */
    add(key: string) {
      const digest = digest53(key);
      const at = find(digest, slots);
      if (slots[at] === digest) return false;
      slots[at] = digest;
      size += 1;
      if (size * 2 > slots.length) grow();
      return true;
    },
    has: (key: string) => {
      const digest = digest53(key);
      return slots[find(digest, slots)] === digest;
    },
    get size() {
      return size;
    },
  };
}

/** Two 32-bit hashes as one exact integer. Never 0. */
export function digest53(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
    a = (a << 13) | (a >>> 19);
    b = (b << 7) | (b >>> 25);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b & 0x1fffff) * 0x1_0000_0000 + (a >>> 0) || 1;
}
