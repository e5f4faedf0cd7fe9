import { defineModel } from "./define.ts";

export const blueprints = defineModel(import.meta.url, {
  name: "blueprints",
  task: "object-detection",
  classes: ["wall", "door", "window", "room", "stair", "furniture", "fixture"],
  gate: { threshold: 0.25 },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    hyperparameters: { detector: "anchor-free", batchSize: 16 },
    profiles: {
      cpu: { size: "n", imageSize: 416, epochs: 60 },
      gpu: { size: "s", imageSize: 640, epochs: 100 },
    },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 5 },
});
