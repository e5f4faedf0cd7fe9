// Short business messages, judged by what they ask for and not by single words: most risky words occur in every class.
import { type Random, random } from "../random.ts";
import { type Generate, numbered } from "./sample.ts";

export const CLASSES = ["compliant", "needs-review", "violation"] as const;
type Kind = (typeof CLASSES)[number];

export const generate: Generate = async (seed, index) => {
  const label = CLASSES[index % CLASSES.length]!;
  const chance = random("compliance", seed, index);
  const lines = [
    chance.pick(GREETINGS),
    filler(chance),
    fill(chance.pick(CORE[label]), chance),
    filler(chance),
    chance.pick(CLOSINGS),
  ];
  const text = typos(lines.filter(Boolean).join(" "), chance);
  return {
    name: `${label}-${numbered(index)}.txt`,
    contentType: "text/plain",
    label,
    bytes: Buffer.from(text),
  };
};

const GREETINGS = ["", "", "Hi all,", "Hello {name},", "Team,", "Dear colleague,", "Morning!"].map((text) =>
  text.replace("{name}", "Sam"),
);
const CLOSINGS = ["", "", "Thanks!", "Kind regards, Alex", "Best, Robin", "Cheers", "Let me know."];

const WORDS: Record<string, string[]> = {
  data: [
    "the customer list",
    "the client's bank details",
    "patient records",
    "the password",
    "the salary file",
    "the trading report",
    "passport scans",
    "the contract drafts",
  ],
  party: [
    "the supplier",
    "our auditor",
    "the press",
    "a friend at the bank",
    "the new agency",
    "the broker",
    "the client",
    "the regulator",
  ],
  place: [
    "my private mail",
    "a USB stick",
    "a public folder",
    "the group chat",
    "my home computer",
    "a personal cloud drive",
  ],
  safe: ["the encrypted share", "the approved portal", "the records system", "the secure vault"],
  amount: [
    "500 euro",
    "2,000 dollars",
    "a weekend trip",
    "two concert tickets",
    "a case of wine",
    "a new phone",
  ],
  day: ["Monday", "Tuesday", "the end of the month", "tomorrow", "next week"],
  deal: [
    "the tender",
    "the merger",
    "the licence renewal",
    "the audit",
    "the quarterly figures",
    "the inspection",
  ],
};

const CORE: Record<Kind, string[]> = {
  compliant: [
    "Please upload {data} to {safe} before {day}, as the policy asks.",
    "I declined {amount} from {party} and entered it in the gift register.",
    "{data} was shared with {party} under the signed agreement, legal has approved it.",
    "Reminder: never send {data} to {place}; use {safe} instead.",
    "The training on {deal} is complete and all certificates are filed in {safe}.",
    "We reported the incident with {data} to the regulator within the deadline.",
    "Access to {data} was removed for everybody who left the team, as approved.",
    "The disclosure on {deal} was signed by both sides and archived in {safe}.",
    "I recused myself from {deal} because of a conflict and declared it on the form.",
  ],
  "needs-review": [
    "Could somebody check whether {party} may see {data} before {day}? I am not sure.",
    "{party} offered {amount} after {deal}; is that within the limit or should I ask legal?",
    "I may have sent {data} to {party} by mistake, can we find out what happened?",
    "It is unclear whether we need consent to use {data} for {deal}, please advise.",
    "{party} wants an exception for {deal}, the reason is missing from the form.",
    "My cousin works for {party}; do I have to declare that for {deal}?",
    "The retention date of {data} has passed, who decides if we keep it?",
    "I found {data} in {place} and do not know who put it there, please look into it.",
    "The approval for {deal} seems to lack a second signature, can you confirm?",
  ],
  violation: [
    "Just send {data} to {place}, nobody will check.",
    "{party} gave me {amount} so that {deal} goes their way, keep it between us.",
    "Delete {data} before the auditors come on {day}.",
    "Buy shares before {deal} is announced on {day}, I have it from inside.",
    "I copied {data} to {place} and passed it on to {party} without asking.",
    "Skip the approval for {deal}, backdate the form and say it was signed.",
    "Use my password for {deal}, the logs will not show it was you.",
    "Tell {party} our competitor's price for {deal}, off the record.",
    "Split the invoice of {amount} so that it stays under the limit and hide it from {party}.",
  ],
};

const FILLERS = [
  "The meeting moved to {day}.",
  "{party} called about {deal} again.",
  "I will be out of office on {day}.",
  "The policy was updated last month.",
  "The numbers for {deal} look fine.",
  "Legal and audit are copied on this message.",
  "We talked about {data} on {day}.",
  "Coffee machine on the second floor is broken.",
];

const filler = (chance: Random) => (chance.chance(0.55) ? fill(chance.pick(FILLERS), chance) : "");

function fill(template: string, chance: Random): string {
  const text = template.replace(/\{(\w+)\}/g, (_, slot: string) => chance.pick(WORDS[slot]!));
  return text[0]!.toUpperCase() + text.slice(1);
}

/** People swap and drop letters. */
function typos(text: string, chance: Random): string {
  const letters = [...text];
  const mistakes = chance.int(0, Math.ceil(letters.length / 60));
  for (let count = 0; count < mistakes; count++) {
    const at = chance.int(0, letters.length - 2);
    if (chance.chance(0.5)) letters.splice(at, 1);
    else [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  }
  return letters.join("");
}
