/** One byte of luma every `step` bytes. */
export interface Grey {
  data: Uint8Array;
  width: number;
  height: number;
  step: number;
}
