// One HTTP connection that sends one request after another. It does little work: it shares the cores with the server.
import { type Socket, connect } from "node:net";

const MAX_HEADER_BYTES = 4096;

export async function open(url: string, contentType: string) {
  const { hostname, port, host, pathname, search } = new URL(url);
  const socket = connect(Number(port || 80), hostname);
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  const requests = new WeakMap<Buffer, Buffer>();
  const request = (body: Buffer) => {
    const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head, "latin1"), body]);
  };
  return {
    /** Returns the status. */
    post(body: Buffer) {
      let bytes = requests.get(body);
      if (!bytes) requests.set(body, (bytes = request(body)));
      socket.write(bytes);
      return readResponse(socket);
    },
    close: () => socket.destroy(),
  };
}

function readResponse(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let start = "";
    let total: number | undefined;
    let chunked = false;
    const done = (error?: Error) => {
      socket.off("data", read).off("error", done).off("close", closed);
      if (error) reject(error);
      else resolve(Number(start.slice(9, 12)));
    };
    const closed = () => done(new Error("the server closed the connection within its response"));
    const read = (chunk: Buffer) => {
      received += chunk.length;
      if (total === undefined && !chunked) {
        start += chunk.toString("latin1", 0, Math.min(chunk.length, MAX_HEADER_BYTES));
        const end = start.indexOf("\r\n\r\n");
        if (end < 0) return;
        const header = start.slice(0, end);
        const length = /\r\ncontent-length: *(\d+)/i.exec(header);
        chunked = !length && /\r\ntransfer-encoding: *chunked/i.test(header);
        total = end + 4 + Number(length?.[1] ?? 0);
      }
      if (chunked ? chunk.toString("latin1").endsWith("0\r\n\r\n") : received >= total!) done();
    };
    socket.on("data", read).on("error", done).on("close", closed);
  });
}
