// Typed arrays that grow: a million numbers take 8 MB or less.
type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

function growableArray<A extends Numbers>(make: (length: number) => A) {
  let values = make(1_024);
  let length = 0;
  return {
    push(value: number) {
      if (length === values.length) {
        const larger = make(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    get length() {
      return length;
    },
    /** A view, not a copy. */
    view: () => values.subarray(0, length) as A,
  };
}

export const growableFloat64 = () => growableArray((length) => new Float64Array(length));
export const growableUint32 = () => growableArray((length) => new Uint32Array(length));
export const growableUint16 = () => growableArray((length) => new Uint16Array(length));
export const growableUint8 = () => growableArray((length) => new Uint8Array(length));
