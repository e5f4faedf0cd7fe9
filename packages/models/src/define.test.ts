import { describe, expect, it } from "vitest";
import { defineModel } from "./define.ts";
import { DeclarationError } from "./error.ts";
import { byName, models } from "./index.ts";
import { listModels } from "./list.ts";

const smallest = { name: "owls", task: "image-classification", classes: ["owl", "none"] } as const;
const declare = (definition: object) => () => defineModel("packages/models/src/owls.ts", definition as never);

function refusal(run: () => unknown): DeclarationError {
  try {
    run();
  } catch (error) {
    if (error instanceof DeclarationError) return error;
    throw error;
  }
  throw new Error("The declaration was accepted.");
}

describe("defineModel", () => {
  it("fills in the defaults of a short declaration", () => {
    const owls = defineModel("owls.ts", smallest);
    expect(owls.accepts).toMatchObject({ prefixes: ["uploads/owls/"], maxBytes: 4_194_304 });
    expect(owls).toMatchObject({
      gate: { threshold: 0.5 },
      flow: "queue",
      hosting: { target: "serverless" },
    });
  });

  it("fills in the pace of a traffic shift, and requires increasing shares", () => {
    const policy = (shares: number[]) => ({
      deploy: { metric: "accuracy", atLeast: 0.8, shift: { shares } },
    });
    expect(
      defineModel("owls.ts", { ...smallest, policy: policy([10, 50, 100]) }).policy.deploy?.shift,
    ).toEqual({
      shares: [10, 50, 100],
      every: "10 minutes",
      maxErrorRate: 0.05,
    });
    for (const shares of [[], [50, 10], [50, 50], [0, 100], [50, 101], [2.5]])
      expect(declare({ ...smallest, policy: policy(shares) }), String(shares)).toThrow(
        "policy.deploy.shift.shares",
      );
  });

  it("accepts text for a text model and larger requests for an instance", () => {
    const texts = defineModel("t.ts", {
      ...smallest,
      task: "text-classification",
      hosting: { target: "realtime" },
    });
    expect(texts.accepts).toMatchObject({
      contentTypes: ["text/plain", "application/json"],
      maxBytes: 6_291_456,
    });
  });

  it("fills in the defaults of monitoring and retraining", () => {
    const owls = defineModel("owls.ts", { ...smallest, monitoring: {}, retrain: {} });
    expect(owls.monitoring).toEqual({
      capture: 1,
      baseline: 500,
      thresholds: { inputs: 0.2, predictions: 0.15, confidence: 0.1, embedding: 0.6 },
      falseAlarms: 0.01,
      schedule: "1 day",
      engine: "sluice",
      review: 0.01,
      groundTruthLabels: true,
    });
    expect(owls.retrain).toMatchObject({ drift: true, margin: 0.01 });
    expect(defineModel("owls.ts", smallest).monitoring).toBeUndefined();
  });

  it.each([
    [{ ...smallest, task: "segmentation" }, "task", /"image-classification"/],
    [{ ...smallest, classes: ["owl", "owl"] }, "classes", /must not repeat/],
    [{ ...smallest, gate: { threshold: 93 } }, "gate.threshold", /is 93, but must be from 0 to 1/],
    [{ ...smallest, gate: { perClass: { hawk: 0.5 } } }, "gate.perClass.hawk", /one of: owl, none/],
    [{ ...smallest, dataset: { caps: { hawk: 5 } } }, "dataset.caps.hawk", /one of: owl, none/],
    [{ ...smallest, accepts: { prefixes: ["owls/"] } }, "accepts.prefixes.0", /start with `uploads\/`/],
    [{ ...smallest, hosting: { memory: 3000 } }, "hosting.memory", /1024, 2048/],
    [{ ...smallest, flow: "workflow" }, "flow", /does not support `workflow` yet.*Write "queue"/],
    [{ ...smallest, monitoring: { capture: 100 } }, "monitoring.capture", /Write 1 for 100 %/],
    [{ ...smallest, monitoring: { schedule: "daily" } }, "monitoring.schedule", /a number and its unit/],
    [
      { ...smallest, monitoring: { engine: "sagemaker" } },
      "monitoring.engine",
      /does not support `sagemaker`.*Write "sluice"/,
    ],
    [{ ...smallest, retrain: { days: 0.5 } }, "retrain.days", /int/],
    [{ ...smallest, treshold: 0.9 }, "treshold", /not a known field/],
    [{ ...smallest, name: "Night Owls" }, "name", /lower-case/],
  ])("rejects an invalid field with file, field and fix (%#)", (definition, field, hint) => {
    const error = refusal(declare(definition));
    expect(error.field).toBe(field);
    expect(error.message).toMatch(hint);
    expect(error.message).toContain("packages/models/src/owls.ts");
    expect(error.fix).not.toBe("");
  });
});

describe("the declared models", () => {
  it("are found by name", () => {
    expect(models.map(({ name }) => name)).toEqual([
      "blueprints",
      "cats",
      "compliance",
      "drones",
      "vehicles",
    ]);
    expect(byName("vehicles")?.gate.threshold).toBe(0.93);
    expect(byName("dogs")).toBeUndefined();
  });

  it("share an upload when both accept its prefix", () => {
    const accepting = models.filter(({ accepts }) => accepts.prefixes.includes("uploads/aerial/"));
    expect(accepting.map(({ name }) => name)).toEqual(["drones", "vehicles"]);
  });

  it("must not share the names of their resources", () => {
    const twice = ["a-b", "ab"].map((name) => defineModel("x.ts", { ...smallest, name }));
    expect(refusal(() => listModels(twice)).message).toMatch(/"ab" collides with the model "a-b"/);
  });
});
