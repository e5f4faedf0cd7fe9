// A slot holds the requests of one run and their response. Each worker has a few, used in turn.
import { requestBuffer } from "./request-buffer.ts";
import { responseBuffer } from "./response-buffer.ts";
import { createSharedBuffer } from "./shared-buffer.ts";

/** Passed to the worker. */
export interface SlotMemory {
  request: SharedArrayBuffer;
  response: SharedArrayBuffer;
}

export type Slot = ReturnType<typeof openSlot>;

export const createSlotMemory = (): SlotMemory => ({
  request: createSharedBuffer(),
  response: createSharedBuffer(),
});

export const openSlot = (memory: SlotMemory, names: string[]) => ({
  request: requestBuffer(memory.request, names),
  response: responseBuffer(memory.response),
});
