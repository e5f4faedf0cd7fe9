import { defineModel } from "./define.ts";

export const blueprints = defineModel(import.meta.url, {
  name: "blueprints",
  task: "object-detection",
  classes: ["wall", "door", "window", "room", "stair", "furniture", "fixture"],
  gate: { threshold: 0.55 },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    hyperparameters: { detector: "anchor-free" },
    profiles: {
      // An hour on two cores is the limit; this takes about a quarter of it with 560 plans.
      cpu: { size: "n", imageSize: 512, epochs: 20, batchSize: 8 },
      gpu: { size: "s", imageSize: 640, epochs: 100, batchSize: 16 },
    },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 5 },
  monitoring: {},
});
