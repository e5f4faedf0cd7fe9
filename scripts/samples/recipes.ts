// How the packages of packages/samples/trained are made: commands of the CLI on an empty local cloud.

const SEED = 1;

interface Recipe {
  /** Generated samples. The split holds 30 % of them out for the evaluation. */
  samples: number;
  /** Options of `sluice train`. */
  train: string[];
}

const SPLIT = "0.6:0.1:0.3";

export const RECIPES: Readonly<Record<string, Recipe>> = {
  blueprints: { samples: 1_000, train: ["--quantize", "int8"] },
  drones: { samples: 1_000, train: ["--quantize", "int8"] },
  cats: { samples: 1_400, train: ["--container", "probe"] },
  vehicles: { samples: 1_400, train: ["--container", "probe"] },
  compliance: { samples: 1_400, train: ["--container", "probe"] },
};

/** The dataset's id is known only when it is prepared. */
export const DATASET = "DATASET";

export function commandsFor(model: string): string[] {
  const { samples, train } = RECIPES[model]!;
  return [
    `datasets generate ${model} --samples ${samples} --seed ${SEED}`,
    `datasets prepare ${model} --split ${SPLIT} --seed ${SEED}`,
    // Labels may have started a training already: the declaration of vehicles says so.
    ["train", model, "--dataset", DATASET, "--seed", SEED, "--no-spot", "--force", ...train].join(" "),
  ];
}
