/** Thrown by reads past the end: the file is truncated. */
export class EndOfData extends Error {}

export function byteReader(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (offset: number, length: number) => {
    if (offset < 0 || offset + length > bytes.byteLength)
      throw new EndOfData(`${offset + length} of ${bytes.byteLength} bytes`);
  };
  return {
    length: bytes.byteLength,
    u8(offset: number) {
      need(offset, 1);
      return view.getUint8(offset);
    },
    u16(offset: number, little = false) {
      need(offset, 2);
      return view.getUint16(offset, little);
    },
    u24(offset: number) {
      need(offset, 3);
      return view.getUint8(offset) | (view.getUint8(offset + 1) << 8) | (view.getUint8(offset + 2) << 16);
    },
    u32(offset: number, little = false) {
      need(offset, 4);
      return view.getUint32(offset, little);
    },
    i32(offset: number, little = false) {
      need(offset, 4);
      return view.getInt32(offset, little);
    },
    ascii(offset: number, length: number) {
      need(offset, length);
      return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString("latin1");
    },
  };
}

export type ByteReader = ReturnType<typeof byteReader>;
