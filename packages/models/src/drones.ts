import { defineModel } from "./define.ts";

export const drones = defineModel(import.meta.url, {
  name: "drones",
  task: "object-detection",
  classes: ["drone", "bird", "airplane", "helicopter"],
  accepts: { prefixes: ["uploads/drones/", "uploads/aerial/"] },
  gate: { threshold: 0.55, perClass: { drone: 0.45 } },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    // Few objects in a large sky: composed images show four times as many in each step.
    hyperparameters: { detector: "anchor-based", mosaic: 0.9, zoom: 0.35 },
    profiles: {
      cpu: { size: "n", imageSize: 512, epochs: 45, batchSize: 8 },
      gpu: { size: "m", imageSize: 640, epochs: 100, batchSize: 16 },
    },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 5 },
  monitoring: {},
});
