import { defineModel } from "./define.ts";

export const compliance = defineModel(import.meta.url, {
  name: "compliance",
  task: "text-classification",
  classes: ["compliant", "needs-review", "violation"],
  gate: { threshold: 0.6, perClass: { violation: 0.5 } },
  training: {
    container: "torch",
    instance: "ml.g4dn.xlarge",
    hyperparameters: { dropoutRate: 0.3, batchSize: 16 },
    profiles: {
      // A small encoder of the trainer's own, which needs no download.
      cpu: {},
      gpu: { baseModel: "distilbert-base-uncased", trainableLayers: 2, epochs: 3, learningRate: 0.00002 },
    },
  },
  hosting: { target: "serverless", memory: 4096, concurrency: 10 },
  monitoring: {},
});
