import { defineModel } from "./define.ts";

export const drones = defineModel(import.meta.url, {
  name: "drones",
  task: "object-detection",
  classes: ["drone", "bird", "airplane", "helicopter"],
  accepts: { prefixes: ["uploads/drones/", "uploads/aerial/"] },
  gate: { threshold: 0.4, perClass: { drone: 0.3 } },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    hyperparameters: { detector: "anchor-based", batchSize: 16 },
    profiles: {
      cpu: { size: "n", imageSize: 320, epochs: 60 },
      gpu: { size: "m", imageSize: 640, epochs: 100 },
    },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 5 },
});
