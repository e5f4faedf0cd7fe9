// Growing memory that both threads see. It is reused: messages between threads are copied and queued by the event loop, which
// costs as much as decoding an image.

/** Reserved, and only allocated when it is used. */
const MAX_BYTES = 2 ** 30;
const INITIAL_BYTES = 4096;

/** Typed arrays of eight-byte elements begin at multiples of this. */
export const ALIGNMENT = 8;
export const align = (offset: number) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

export const createSharedBuffer = () => new SharedArrayBuffer(INITIAL_BYTES, { maxByteLength: MAX_BYTES });

/** Grows to twice the size: the next content may need a little more. */
export function ensureCapacity(buffer: SharedArrayBuffer, bytes: number): void {
  if (bytes > buffer.byteLength) buffer.grow(Math.max(bytes, Math.min(bytes * 2, MAX_BYTES)));
}

/** Node's types do not accept shared memory for views. */
export const asArrayBuffer = (buffer: SharedArrayBuffer) => buffer as unknown as ArrayBuffer;
