import { expect, test } from "vitest";
import * as z from "zod";
import "./plain-messages.ts";

const messageOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, "is required"],
  [z.string(), 5, "must be a string, not a number"],
  [z.object({}), [], "must be an object, not a list"],
  [z.number(), null, "must be a number, not empty"],
  [z.coerce.number(), "many", "must be a number, not a text"],
  [z.number().int(), 0.5, "must be an integer, not a number"],
  [z.boolean(), "yes", "must be true or false, not a string"],
  [z.string().min(3), "ab", "must have at least 3 characters"],
  [z.array(z.number()).max(1), [1, 2], "must have at most 1 items"],
  [z.number().min(1), 0, "must be at least 1"],
  [z.number().max(200), 1_000, "must be at most 200"],
  [z.enum(["car", "bus"]), "boat", 'must be one of "car", "bus", not "boat"'],
  [z.literal(true), false, "must be true, not true or false"],
  [z.iso.datetime(), "today", "must be a time in ISO 8601, such as 2026-11-21T04:00:00Z"],
  [z.url(), "x", "must be a URL such as https://example.com/"],
  [z.string().regex(/^a$/), "b", "must be like /^a$/"],
  [z.strictObject({}), { size: 1 }, "has fields that are not known: size"],
  [z.union([z.string(), z.number()]), true, "must be a string or a number"],
  [z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), {}, "has none of the allowed forms"],
  [z.string().refine(() => false), "a", "is invalid"],
  [z.string().refine(() => false, "must end with `/`"), "a", "must end with `/`"],
  [z.string("is a name"), 5, "is a name"],
])("%#: the message says what is allowed", (schema, value, message) => {
  expect(messageOf(schema, value)).toBe(message);
});
