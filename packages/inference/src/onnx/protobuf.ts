// The part of the protobuf wire format that an ONNX file needs.
const encoder = new TextEncoder();

export type Field = Uint8Array;

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  // Negative numbers are written as 64-bit two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

export function integer(field: number, value: number | bigint): Field {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

export function bytes(field: number, value: Uint8Array): Field {
  const head = [...varint((field << 3) | 2), ...varint(value.length)];
  const out = new Uint8Array(head.length + value.length);
  out.set(head);
  out.set(value, head.length);
  return out;
}

export function text(field: number, value: string): Field {
  return bytes(field, encoder.encode(value));
}

export function float(field: number, value: number): Field {
  const out = new Uint8Array(5);
  out.set(varint((field << 3) | 5));
  new DataView(out.buffer).setFloat32(1, value, true);
  return out;
}

export function message(field: number, fields: Field[]): Field {
  return bytes(field, join(fields));
}

export function join(fields: Field[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of fields) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
