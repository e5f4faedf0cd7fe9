// The writing system of a text.

const SCRIPTS = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Han: /\p{Script=Han}/u,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  Hangul: /\p{Script=Hangul}/u,
  Arabic: /\p{Script=Arabic}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Greek: /\p{Script=Greek}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Thai: /\p{Script=Thai}/u,
} as const;

export type Script = keyof typeof SCRIPTS | "Other" | "None";

/** The beginning is enough, and bounds the cost. */
const MAX_CHARACTERS = 1_000;

/** The script of most letters; `None` without letters. */
export function dominantScript(text: string): Script {
  const counts = new Map<Script, number>();
  for (const [letter] of text.slice(0, MAX_CHARACTERS).matchAll(/\p{L}/gu)) {
    const script = scriptOf(letter);
    counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  let [dominant, most]: [Script, number] = ["None", 0];
  for (const [script, count] of counts) if (count > most) [dominant, most] = [script, count];
  return dominant;
}

function scriptOf(letter: string): Script {
  for (const [script, pattern] of Object.entries(SCRIPTS)) if (pattern.test(letter)) return script as Script;
  return "Other";
}
