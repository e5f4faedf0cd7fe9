// As much of WebAssembly's binary format as one function over one memory needs: JavaScript has no other way to a processor's
// vector instructions. Every piece is the bytes that the format gives it.

export type Code = number[];

const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
const signed = (value: number): Code =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
const vector = (code: number, ...rest: Code): Code => [0xfd, ...unsigned(code), ...rest];
const floats = (value: number): Code => [
  ...new Uint8Array(Float32Array.of(value, value, value, value).buffer),
];

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
/** Moves a local on by so many bytes. */
export const advance = (local: number, bytes: number): Code => [
  ...get(local),
  0x41,
  ...signed(bytes),
  0x6a,
  ...set(local),
];
/** Once at least, and again while one local is below the other. */
export const repeat = (body: Code, low: number, high: number): Code => [
  0x03,
  0x40,
  ...body,
  ...get(low),
  ...get(high),
  0x49,
  0x0d,
  0x00,
  0x0b,
];

export const load = (from: number, offset: number): Code => [
  ...get(from),
  ...vector(0x00, 0, ...unsigned(offset)),
];
export const store = (to: number, offset: number, value: Code): Code => [
  ...get(to),
  ...value,
  ...vector(0x0b, 0, ...unsigned(offset)),
];
/** Sixteen of the 32 bytes of two vectors. */
export const shuffle = (one: Code, other: Code, lanes: Code): Code => [
  ...one,
  ...other,
  ...vector(0x0d, ...lanes),
];
export const constant = (value: number): Code => vector(0x0c, ...floats(value));
const after =
  (code: number) =>
  (...values: Code[]): Code => [...values.flat(), ...vector(code)];
/** Half of the numbers, twice as wide. */
export const lowBytes = after(0x89);
export const highBytes = after(0x8a);
export const lowWords = after(0xa9);
export const highWords = after(0xaa);
export const toFloats = after(0xfa);
export const add = after(0xe4);
export const multiply = after(0xe6);
export const least = after(0xea);

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const text = (value: string): Code => [value.length, ...Buffer.from(value)];
const MAGIC: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const [I32, V128] = [0x7f, 0x7b];

/** A function of `params` addresses, with so many vectors for locals behind them. */
export function assemble(params: number, vectors: number, body: Code) {
  const code = [1, vectors, V128, ...body, 0x0b];
  const bytes = [
    ...MAGIC,
    ...section(1, [1, 0x60, params, ...Array.from({ length: params }, () => I32), 0]),
    ...section(2, [1, ...text("from"), ...text("memory"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("run"), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ];
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  return (memory: WebAssembly.Memory) =>
    new WebAssembly.Instance(module, { from: { memory } }).exports.run as (...addresses: number[]) => void;
}
