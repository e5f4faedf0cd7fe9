// ItemBatcher: several items become the input of one child execution.
import type { Json } from "../language/json.ts";

export interface Batcher {
  MaxItemsPerBatch?: number;
  MaxInputBytesPerBatch?: number;
}

export function batchItems(
  items: Json[],
  { MaxItemsPerBatch, MaxInputBytesPerBatch }: Batcher,
  batchInput?: Json,
) {
  const batches: Json[] = [];
  let batch: Json[] = [];
  let bytes = 0;
  const flush = () => {
    if (batch.length > 0)
      batches.push({ ...(batchInput !== undefined && { BatchInput: batchInput }), Items: batch });
    batch = [];
    bytes = 0;
  };
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const full = MaxItemsPerBatch !== undefined && batch.length >= MaxItemsPerBatch;
    const large =
      MaxInputBytesPerBatch !== undefined && batch.length > 0 && bytes + size > MaxInputBytesPerBatch;
    if (full || large) flush();
    batch.push(item);
    bytes += size;
  }
  flush();
  return batches;
}
