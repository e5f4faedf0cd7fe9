import { expect, test } from "vitest";
import { readEvents } from "./sse.ts";

async function read(...chunks: string[]) {
  const bytes = new TextEncoder();
  let heard = 0;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes.encode(chunk));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEvents(stream, () => heard++)) events.push(event);
  return { events, heard };
}

test("events are complete for any chunk boundaries", async () => {
  const { events } = await read(
    "retry: 1000\n\nevent: predic",
    'tion\nid: 7\ndata: {"a":',
    "1}\n",
    "\ndata: x\n\n",
  );
  expect(events).toEqual([
    { type: "prediction", id: "7", data: '{"a":1}' },
    { type: "message", id: undefined, data: "x" },
  ]);
});

test("a heartbeat is not an event, but resets the timeout", async () => {
  expect(await read(": still here\n\n")).toEqual({ events: [], heard: 1 });
});

test("data lines are joined", async () => {
  const { events } = await read("data: a\r\ndata:b\r\n\r\n");
  expect(events).toEqual([{ type: "message", id: undefined, data: "a\nb" }]);
});
