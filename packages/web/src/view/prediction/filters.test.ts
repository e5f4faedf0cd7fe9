import { expect, test } from "vitest";
import { toQuery, matches, readFilters } from "./filters.ts";

const read = (query: string) => readFilters(new URLSearchParams(query));

test("filters in an address are parsed and written back", () => {
  const filters = read("model=cats&status=failed&class=No+Cat&min=0.25&max=0.9&from=2026-01-02T03:04:05Z");
  expect(filters).toEqual({
    model: "cats",
    status: "failed",
    class: "No Cat",
    minConfidence: 0.25,
    maxConfidence: 0.9,
    from: "2026-01-02T03:04:05.000Z",
  });
  const parameters = Object.entries(toQuery(filters)).filter(([, value]) => value !== undefined);
  expect(readFilters(new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])))).toEqual(
    filters,
  );
});

test("invalid filters in an address are ignored", () => {
  expect(read("status=perhaps&min=-1&max=7&min2=&from=yesterday&model=")).toEqual({});
});

test("confidence bounds and the start time are inclusive, the end time is exclusive", () => {
  const prediction = {
    id: "p",
    model: "cats",
    task: "image-classification" as const,
    status: "completed" as const,
    source: { bucket: "b", key: "k" },
    attempts: 1,
    summary: { class: "Mu", confidence: 0.5 },
    createdAt: "2026-01-01T00:00:00.000Z",
    changedAt: "2026-01-01T00:00:00.000Z",
  };
  expect(matches({ minConfidence: 0.5, maxConfidence: 0.5, from: prediction.createdAt }, prediction)).toBe(
    true,
  );
  expect(matches({ to: prediction.createdAt }, prediction)).toBe(false);
  expect(matches({ class: "Boots" }, prediction)).toBe(false);
  expect(matches({ minConfidence: 0 }, { ...prediction, summary: undefined })).toBe(false);
});
