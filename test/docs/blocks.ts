// The shell blocks of a Markdown page, and what the comments before a block say about running it:
//   <!-- not run: REASON -->   the block cannot run on a local cloud
//   <!-- NAME: COMMAND -->     NAME in the block stands for what COMMAND prints
// A JSON block directly after a shell block shows what its last command prints.

export interface Block {
  /** Line of the fence, from 1. */
  line: number;
  script: string;
  notRun?: string;
  values: Array<{ name: string; command: string }>;
  shows?: unknown;
}

const COMMENT = /^\s*<!--\s*([^:]+?):\s*(.*?)\s*-->\s*$/;
const FENCE = /^(\s*)```(\w*)\s*$/;

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  let comments: Array<{ name: string; text: string }> = [];
  let previous: Block | undefined;

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (line.trim() === "") continue;
    const comment = COMMENT.exec(line);
    if (comment) {
      comments.push({ name: comment[1]!, text: comment[2]! });
      continue;
    }
    const fence = FENCE.exec(line);
    if (!fence) {
      if (comments.length > 0)
        throw new Error(`Line ${index + 1}: a comment for a block that does not follow.`);
      previous = undefined;
      continue;
    }
    const end = lines.findIndex((text, at) => at > index && text.trim() === "```");
    if (end === -1) throw new Error(`Line ${index + 1}: the block has no end.`);
    const text = lines.slice(index + 1, end).map((row) => row.slice(fence[1]!.length));
    if (fence[2] === "sh") blocks.push((previous = shellBlock(index + 1, text.join("\n"), comments)));
    else if (fence[2] === "json" && previous) previous.shows = JSON.parse(text.join("\n"));
    comments = [];
    index = end;
  }
  return blocks;
}

function shellBlock(line: number, script: string, comments: Array<{ name: string; text: string }>): Block {
  const reason = comments.find(({ name }) => name === "not run");
  if (reason?.text === "") throw new Error(`Line ${line}: "not run" needs a reason.`);
  const values = comments
    .filter(({ name }) => name !== "not run")
    .map(({ name, text }) => ({ name, command: text }));
  return { line, script, values, ...(reason && { notRun: reason.text }) };
}

/** The block as lines of bash. A placeholder gets its value before the first line that names it. */
export function bashOf({ line, script, values }: Block): string {
  const known = new Set<string>();
  return script
    .split("\n")
    .flatMap((text) => {
      const before: string[] = [];
      let filled = text;
      for (const [index, { name, command }] of values.entries()) {
        const word = new RegExp(`\\b${name}\\b`, "g");
        if (!word.test(text)) continue;
        const variable = `VALUE_${line}_${index}`;
        if (!known.has(name)) before.push(`${variable}=$(${command})`);
        known.add(name);
        filled = filled.replaceAll(word, `$${variable}`);
      }
      const watched = /#.*until Ctrl-C/.test(text);
      return [...before, watched ? `until_ctrl_c ${filled}` : filled];
    })
    .join("\n");
}

/** Where `actual` lacks a member that `shown` has, or has one of another type. "..." stands for anything. */
export function differences(shown: unknown, actual: unknown, at = "$"): string[] {
  if (shown === "...") return [];
  if (typeOf(shown) !== typeOf(actual)) return [`${at} is ${typeOf(actual)}, shown as ${typeOf(shown)}`];
  if (Array.isArray(shown))
    return shown.flatMap((item, index) => differences(item, (actual as unknown[])[index], `${at}[${index}]`));
  if (typeOf(shown) !== "object") return [];
  return Object.entries(shown as object)
    .filter(([name]) => name !== "...")
    .flatMap(([name, value]) =>
      differences(value, (actual as Record<string, unknown>)[name], `${at}.${name}`),
    );
}

const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
