import { expect, test } from "vitest";
import { parseToken } from "./auth.ts";

test.each(["Bearer slc_1", "bearer slc_1", "BEARER   slc_1"])(
  "the header %o has the token slc_1",
  (header) => {
    expect(parseToken(header)).toBe("slc_1");
  },
);

test.each(["Basic c2x1aWNl", "Bearer", "Bearer ", "Bearer a b", "slc_1"])(
  "the header %o is rejected, with the expected form",
  (header) => {
    expect(() => parseToken(header)).toThrow(
      expect.objectContaining({
        code: "TOKEN_MISSING",
        message: expect.stringContaining("`Bearer <token>`"),
      }),
    );
  },
);

test.each([undefined, ""])("the header %o has no token", (header) => {
  expect(() => parseToken(header)).toThrow(
    expect.objectContaining({ code: "TOKEN_MISSING", message: "The request has no bearer token." }),
  );
});
