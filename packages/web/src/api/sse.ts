// Parses server-sent events from a fetch response, because EventSource cannot send a token in a header.

export interface ServerSentEvent {
  type: string;
  id: string | undefined;
  data: string;
}

/** Calls `onData` for all data, also for heartbeats, so that a dead connection can be detected. */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>,
  onData: () => void,
): AsyncGenerator<ServerSentEvent> {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onData();
      rest += value.replaceAll("\r\n", "\n");
      const blocks = rest.split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parse(block: string): ServerSentEvent | undefined {
  let type = "message";
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "event") type = value;
    else if (name === "id") id = value;
    else if (name === "data") data.push(value);
  }
  return data.length > 0 ? { type, id, data: data.join("\n") } : undefined;
}
