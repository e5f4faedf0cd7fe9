import { expect, test } from "vitest";
import { parseRoute, pathTo, withQuery } from "./path.ts";

test.each([["model", "cats"], ["label", "cats", "data/cats/a b?#%.jpg"], []])(
  "the path of %o is parsed back",
  (...parts) => {
    expect(parseRoute(pathTo(...parts)).path).toEqual(parts);
  },
);

test("a query contains only parameters with a value, and is parsed back", () => {
  const address = withQuery(pathTo("events"), { model: "cats", type: "", subject: undefined, page: 2 });
  expect(address).toBe("#/events?model=cats&page=2");
  expect(Object.fromEntries(parseRoute(address).query)).toEqual({ model: "cats", page: "2" });
  expect(withQuery("#/events", {})).toBe("#/events");
});

test.each(["", "#", "#/", "#//"])("the address %o is the start page", (hash) => {
  expect(parseRoute(hash).path).toEqual([]);
});

test("an invalid escape sequence is kept", () => {
  expect(parseRoute("#/model/100%").path).toEqual(["model", "100%"]);
});
