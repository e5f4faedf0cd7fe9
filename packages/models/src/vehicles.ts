import { defineModel } from "./define.ts";

export const vehicles = defineModel(import.meta.url, {
  name: "vehicles",
  task: "image-classification",
  classes: ["car", "truck", "bus", "motorcycle", "bicycle"],
  // `drones` accepts aerial images too: one upload, two predictions.
  accepts: { prefixes: ["uploads/vehicles/", "uploads/aerial/"] },
  gate: { threshold: 0.93 },
  policy: { deploy: { metric: "accuracy", atLeast: 0.8 } },
  hosting: { target: "serverless", memory: 2048, concurrency: 10 },
  retrain: { cooldown: "7 days", budget: 50, minimumNewLabels: 200 },
  monitoring: {},
});
