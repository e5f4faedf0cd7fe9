// How the packages of packages/samples/trained are made: commands of the CLI on an empty local cloud.

const SEED = 1;

interface Recipe {
  /** Generated samples. The split holds 30 % of them out for the evaluation. */
  samples: number;
  /** Options of `sluice train`. */
  train: string[];
  /** The least value of a metric on the samples that are held out. */
  goal: { metric: string; value: number };
}

const ACCURATE = { metric: "accuracy", value: 0.9 };
const precise = (value: number) => ({ metric: "mAP50", value });

const SPLIT = "0.6:0.1:0.3";

export const RECIPES: Readonly<Record<string, Recipe>> = {
  blueprints: { samples: 1_000, train: ["--epochs", "14", "--quantize", "int8"], goal: precise(0.75) },
  drones: {
    samples: 3_000,
    train: ["--epochs", "16", "--quantize", "int8", "--keep-weights", "yes"],
    goal: precise(0.75),
  },
  cats: { samples: 1_400, train: ["--container", "probe"], goal: ACCURATE },
  vehicles: { samples: 1_400, train: ["--container", "probe"], goal: ACCURATE },
  compliance: { samples: 1_400, train: ["--container", "probe"], goal: ACCURATE },
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
