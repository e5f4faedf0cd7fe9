import { afterEach, describe, expect, test } from "vitest";
import type { Plugin } from "./service.ts";
import { testKernel, type TestKernel, type TestKernelOptions } from "./testing.ts";

let kernel: TestKernel;
afterEach(() => kernel.dispose());

const start = async (options: TestKernelOptions = {}) => {
  kernel = await testKernel({ plugins: [notes], ...options });
  return kernel;
};

/** A service that stores its inputs. */
const notes: Plugin = {
  name: "notes",
  arns: ["notes"],
  resources: { "test:notes:Book": (book) => ({ arn: `arn:aws:notes:::${book.inputs.title}` }) },
  start: ({ store }) => {
    store.define("create table if not exists notes (text text not null) strict");
    const write = (text: string) => void store.run`insert into notes values (${text})`;
    return {
      operations: {
        Write: ({ text }: { text: string }) => write(text),
        List: () => store.all<{ text: string }>("select text from notes").map((row) => row.text),
      },
      access: (operation) => [{ action: `notes:${operation}`, resource: "*" }],
      accept: (_arn, delivery) => write(delivery.payload),
    };
  },
};

const strikes = async () => {
  kernel.faults.set([
    { point: "notes:Write", match: { text: "b*" }, rate: 0.5, seed: 7, kind: "error", code: "Boom" },
  ]);
  const outcomes: string[] = [];
  for (const text of ["a", "b1", "b2", "b3", "b4", "b5", "a"])
    outcomes.push(
      await kernel.call("notes", "Write", { text }).then(
        () => "ok",
        (error) => error.code,
      ),
    );
  return outcomes;
};

const book = (name: string, title: string) => ({ name, type: "test:notes:Book", inputs: { title } });

describe("operations", () => {
  test("an operation that is not implemented fails with its name", async () => {
    await start();
    await expect(kernel.call("notes", "Burn", {})).rejects.toThrow(/does not implement notes:Burn/);
    await expect(kernel.call("quill", "Write", {})).rejects.toMatchObject({
      code: "NotImplemented",
      status: 501,
    });
  });

  test("state survives a restart", async () => {
    await start();
    await kernel.call("notes", "Write", { text: "kept" });
    kernel = await kernel.restart();
    expect(await kernel.call("notes", "List", {})).toEqual(["kept"]);
  });
});

describe("deliveries", () => {
  const source = { service: "events.amazonaws.com", arn: "arn:aws:events:us-east-1:000000000000:rule/r" };

  test("reach the service that owns the ARN, inside the sender's transaction", async () => {
    await start();
    expect(() =>
      kernel.store.tx(() => {
        kernel.deliver("arn:aws:notes:::diary", { payload: "undone", source });
        throw new Error("no");
      }),
    ).toThrow("no");
    kernel.deliver("arn:aws:notes:::diary", { payload: "done", source });
    expect(await kernel.call("notes", "List", {})).toEqual(["done"]);
  });

  test("without an owner fail, and those that no plugin owns are recorded for the test", async () => {
    await start();
    expect(() => kernel.deliver("arn:aws:quill:::x", { payload: "", source })).toThrow(
      /No service accepts deliveries/,
    );
    kernel.publish({ source: "aws.notes", detailType: "Note Written", resources: [], detail: { n: 1 } });
    expect(kernel.events).toHaveLength(1);
    expect(JSON.parse(kernel.deliveries[0]!.delivery.payload)).toMatchObject({
      "detail-type": "Note Written",
      time: "2026-01-01T00:00:00Z",
      account: "000000000000",
    });
  });
});

describe("faults", () => {
  test("an error applies as often as its rule allows", async () => {
    await start();
    kernel.faults.set([{ point: "notes:Write", kind: "error", code: "Throttled", status: 429, times: 2 }]);
    const tries = () => kernel.call("notes", "Write", { text: "a" });
    await expect(tries()).rejects.toMatchObject({ code: "Throttled", status: 429 });
    await expect(tries()).rejects.toMatchObject({ code: "Throttled" });
    await tries();
    expect(await kernel.call("notes", "List", {})).toEqual(["a"]);
  });

  test("an error after the work does not undo it", async () => {
    await start();
    kernel.faults.set([{ point: "notes:*", kind: "error", code: "Lost", when: "after", times: 1 }]);
    await expect(kernel.call("notes", "Write", { text: "done" })).rejects.toMatchObject({ code: "Lost" });
    expect(await kernel.call("notes", "List", {})).toEqual(["done"]);
  });

  test("apply only to matching calls, and with one seed to the same calls", async () => {
    await start();
    const first = await strikes();
    expect(first).toEqual(await strikes());
    expect(first).toContain("Boom");
    expect([first.at(0), first.at(-1)]).toEqual(["ok", "ok"]);
  });

  test("a delay waits on the clock", async () => {
    await start();
    kernel.faults.set([{ point: "notes:Write", kind: "delay", ms: 5000 }]);
    let done = false;
    const writing = kernel.call("notes", "Write", { text: "slow" }).then(() => (done = true));
    await kernel.clock.advance(4999);
    expect(done).toBe(false);
    await kernel.clock.advance(1);
    await writing;
  });

  test("an invalid rule is rejected with the reason", async () => {
    await start();
    expect(() => kernel.faults.set([{ point: "x", kind: "error" }])).toThrow(
      /rule 0: an "error" needs a "code"/,
    );
  });
});

describe("the graph", () => {
  test("references are replaced by attributes, in links too", async () => {
    await start({
      graph: {
        resources: [book("A", "a"), book("B", "of-${A.title}-in-${aws.region}")],
        functions: { F: { handler: "f.handler", links: { Book: { arn: "${B.arn}", type: "test" } } } },
      },
    });
    expect(kernel.graph.find("B")?.attributes.arn).toBe("arn:aws:notes:::of-a-in-us-east-1");
    expect(kernel.graph.functions.F?.links.Book?.arn).toBe("arn:aws:notes:::of-a-in-us-east-1");
    expect(kernel.graph.all("test:notes:Book").map((found) => found.name)).toEqual(["A", "B"]);
  });

  test.each([
    ["a cycle", [book("A", "${B.arn}"), book("B", "${A.arn}")], /cycle: A -> B -> A/],
    ["an unknown name", [book("A", "${Gone.arn}")], /A\.inputs\.title .* no resource "Gone"/],
    [
      "an unknown attribute",
      [book("A", "${B.color}"), book("B", "b")],
      /no attribute "color" .* \(it has: arn\)/,
    ],
  ])("%s is an error with its location", async (_, resources, message) => {
    await start({ graph: { resources } });
    expect(() => kernel.graph.find("A")).toThrow(message);
  });
});
