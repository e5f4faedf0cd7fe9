import { defineModel } from "./define.ts";

export const blueprints = defineModel(import.meta.url, {
  name: "blueprints",
  task: "object-detection",
  classes: ["wall", "door", "window", "room", "stair", "furniture", "fixture"],
  gate: { threshold: 0.25 },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    hyperparameters: { weights: "yolo11n", epochs: 100, batch: 16, imageSize: 640 },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 5 },
});
