// Short business messages. What is done, requested or refused decides the class, not single words.
import { type Random, random, timesBetween } from "../toolkit/random.ts";
import { type Generator, sampleName } from "../toolkit/sample.ts";
import {
  ACTS,
  CLASSES,
  CLOSINGS,
  FILLERS,
  FRAMES,
  GREETINGS,
  HANDLINGS,
  type Kind,
  MEANING,
  STANCES,
  WORDS,
} from "./words.ts";

export const compliance: Generator = {
  task: "text-classification",
  classes: CLASSES,
  generate(seed, index) {
    const label = CLASSES[index % CLASSES.length]!;
    const chance = random("compliance", seed, index);
    const filler = () => timesBetween(chance, 0, 1, () => fill(chance.pick(FILLERS), chance));
    const sentences = [
      chance.pick(GREETINGS),
      ...filler(),
      core(label, chance),
      ...filler(),
      chance.pick(CLOSINGS),
    ];
    return Promise.resolve({
      name: `${sampleName(seed, index)}.txt`,
      contentType: "text/plain",
      label,
      bytes: Buffer.from(typos(sentences.filter(Boolean).join(" "), chance)),
    });
  },
};

/** The share of messages whose class depends on both halves. */
const COMPOSED = 0.25;

function core(label: Kind, chance: Random): string {
  if (!chance.chance(COMPOSED)) return fill(withAct(chance.pick(FRAMES[label]), chance), chance);
  const [stance, handling] = chance.pick(MEANING[label]);
  const halves = [withAct(chance.pick(STANCES[stance]), chance), chance.pick(HANDLINGS[handling])];
  const [first, second] = chance.chance(0.7) ? halves : halves.toReversed();
  const joined = chance.pick(["; ", ", and ", ". ", ", "]);
  const sentence = first!.endsWith("?") ? `${first} ${second}` : `${first}${joined}${second}`;
  return fill(/[.?]$/.test(sentence) ? sentence : `${sentence}.`, chance);
}

function withAct(frame: string, chance: Random): string {
  const [toDo, done] = chance.pick(ACTS);
  return frame.replace("{act}", toDo).replace("{done}", done);
}

function fill(template: string, chance: Random): string {
  const text = template.replace(/\{(\w+)\}/g, (_, slot: string) => chance.pick(WORDS[slot]!));
  return text[0]!.toUpperCase() + text.slice(1);
}

/** Swaps and drops letters. */
function typos(text: string, chance: Random): string {
  const letters = [...text];
  const mistakes = chance.int(0, Math.ceil(letters.length / 50));
  for (let count = 0; count < mistakes; count++) {
    const at = chance.int(0, letters.length - 2);
    if (chance.chance(0.5)) letters.splice(at, 1);
    else [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  }
  return letters.join("");
}
