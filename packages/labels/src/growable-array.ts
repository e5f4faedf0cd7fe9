// Numbers pushed one by one into a typed array: a million in 8 MB or less, where an array of objects takes a hundred.
type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** Doubles its room when it is full. */
function growing<A extends Numbers>(make: (length: number) => A) {
  let values = make(1_024);
  let length = 0;
  return {
    push(value: number) {
      if (length === values.length) {
        const more = make(length * 2);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
    get length() {
      return length;
    },
    /** What was pushed so far, not copied. */
    all: () => values.subarray(0, length) as A,
  };
}

export const floats = () => growing((length) => new Float64Array(length));
export const words = () => growing((length) => new Uint32Array(length));
export const shorts = () => growing((length) => new Uint16Array(length));
export const bytes = () => growing((length) => new Uint8Array(length));
