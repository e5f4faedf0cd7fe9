import { defineModel } from "./define.ts";

export const cats = defineModel(import.meta.url, {
  name: "cats",
  task: "image-classification",
  classes: ["Boots", "Chi", "Kappa", "Mu", "Tau", "Wolf", "NoCat"],
  training: {
    hyperparameters: {
      epochs: 50,
      learningRate: 0.0001,
      batchSize: 16,
      trainOnlyTopLayer: false,
      dropoutRate: 0.3,
    },
    earlyStop: { metric: "validation:accuracy", patience: 10, minDelta: 0.001 },
  },
  dataset: {
    // The garden camera records ten times more images without a cat than with one.
    caps: { NoCat: 200 },
    weights: "balanced",
    augmentation: { flipHorizontal: true, flipVertical: true, rotation: 0.3, zoom: 0.2 },
  },
  hosting: { target: "serverless", memory: 2048, concurrency: 5 },
  monitoring: {},
});
