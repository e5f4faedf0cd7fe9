// A slot holds the requests of one run and their response. Each worker has a few, used in turn.
import { type RequestBuffer, requestBuffer } from "./request-buffer.ts";
import { type ResponseBuffer, responseBuffer } from "./response-buffer.ts";
import { createSharedBuffer } from "./shared-buffer.ts";

/** Passed to the worker. */
export interface SlotMemory {
  request: SharedArrayBuffer;
  response: SharedArrayBuffer;
}

export interface Slot {
  request: RequestBuffer;
  response: ResponseBuffer;
}

export const createSlotMemory = (): SlotMemory => ({
  request: createSharedBuffer(),
  response: createSharedBuffer(),
});

export const openSlot = (memory: SlotMemory, names: string[]): Slot => ({
  request: requestBuffer(memory.request, names),
  response: responseBuffer(memory.response),
});
