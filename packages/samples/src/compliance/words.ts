// Phrases of business messages. The same act may be compliant or not: who does it, requests it or refuses it decides.

export const CLASSES = ["compliant", "needs-review", "violation"] as const;
export type Kind = (typeof CLASSES)[number];

export const WORDS: Record<string, readonly string[]> = {
  data: [
    "the customer list",
    "the client's bank details",
    "patient records",
    "the salary file",
    "the trading report",
    "passport scans",
    "the contract drafts",
    "the source code",
    "the complaint letters",
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
    "a competitor",
  ],
  open: [
    "my private mail",
    "a USB stick",
    "a public folder",
    "the group chat",
    "my home computer",
    "a personal cloud drive",
    "an old laptop",
  ],
  safe: [
    "the encrypted share",
    "the approved portal",
    "the records system",
    "the secure vault",
    "the case file",
  ],
  amount: [
    "500 euro",
    "2,000 dollars",
    "a weekend trip",
    "two concert tickets",
    "a case of wine",
    "a new phone",
  ],
  day: ["Monday", "Tuesday", "the end of the month", "tomorrow", "next week", "noon"],
  deal: [
    "the tender",
    "the merger",
    "the licence renewal",
    "the audit",
    "the quarterly figures",
    "the inspection",
    "the lease",
  ],
  who: ["Sam", "Kim", "the intern", "my manager", "a colleague", "Alex", "the new director"],
  law: ["the policy", "the handbook", "the contract", "section 4", "the training"],
};

/** As asked for, and as done: to ___, has ___. */
export const ACTS: readonly (readonly [toDo: string, done: string])[] = [
  ["send {data} to {open}", "sent {data} to {open}"],
  ["copy {data} to {open}", "copied {data} to {open}"],
  ["accept {amount} from {party}", "accepted {amount} from {party}"],
  ["delete {data} before {deal}", "deleted {data} before {deal}"],
  ["tell {party} the price for {deal}", "told {party} the price for {deal}"],
  ["buy shares ahead of {deal}", "bought shares ahead of {deal}"],
  ["sign {deal} without the second signature", "signed {deal} without the second signature"],
  ["use {who}'s password for {deal}", "used {who}'s password for {deal}"],
  ["backdate the form for {deal}", "backdated the form for {deal}"],
  ["show {data} to {party}", "showed {data} to {party}"],
  ["split the invoice of {party}", "split the invoice of {party}"],
  ["hire a cousin for {deal}", "hired a cousin for {deal}"],
];

export const FRAMES: Record<Kind, readonly string[]> = {
  compliant: [
    "{who} asked me to {act}; I said no and reported it.",
    "Nobody may {act}, {law} is clear on that.",
    "I was told to {act}, refused, and entered it in the register.",
    "{who} wrote 'just {act}'. I did not, and told compliance the same day.",
    "Please do not {act}. Use {safe} instead.",
    "{who} wanted to {act} and was stopped; the case is closed.",
    "Legal gave written approval to {act}; the paper is in {safe}.",
    "We have {done} with the client's consent, as {law} asks, and filed it in {safe}.",
    "Please upload {data} to {safe} before {day}.",
    "{data} went to {party} under the signed agreement.",
    "I declined {amount} from {party} and declared it on the form.",
    "The training on {deal} is complete, all certificates are in {safe}.",
    "Access to {data} was removed for everybody who left the team.",
    "The disclosure on {deal} was signed by both sides and archived.",
    "I stepped back from {deal} because of a conflict of interest and said so in writing.",
    "The incident with {data} was reported to {party} within the deadline.",
  ],
  "needs-review": [
    "Are we allowed to {act}? I could not find it in {law}.",
    "{who} may have {done} by mistake, can somebody look into it?",
    "{party} asks us to {act}; what do I answer?",
    "It seems that {who} has {done}. I have no proof, please check.",
    "I have {done} before I read {law}. Was that wrong?",
    "Would it be fine to {act} if {who} agrees?",
    "Somebody has {done}, and I do not know who approved it.",
    "Before we {act}: who has to sign, and by {day}?",
    "{law} says nothing on whether to {act}. Please advise.",
    "I found {data} in {open} and do not know how it got there.",
    "The approval for {deal} lacks a signature, can you confirm it?",
    "My cousin works for {party}; must I declare that for {deal}?",
    "{party} offered {amount} after {deal}; is that within the limit?",
    "The retention date of {data} has passed, who decides if we keep it?",
    "{party} wants an exception for {deal}, the reason is missing.",
  ],
  violation: [
    "Just {act}, nobody will check.",
    "I have {done} and told nobody.",
    "Let us {act} quietly before {day}.",
    "If anybody asks, we never {done}.",
    "{act} first, we find a reason later.",
    "{who} and I have {done}; keep it between us.",
    "Skip the approval and {act} by {day}.",
    "You can {act}, the logs will not show it.",
    "I know what {law} says, {act} all the same.",
    "{act} now and I will say it was approved.",
    "We have {done}, so the report has to look clean by {day}.",
    "{party} pays {amount} if we {act}.",
    "Do not mention in {safe} that we have {done}.",
    "Everybody here has {done} for years, so will you.",
    "Please {act} today and remove this message afterwards.",
  ],
};

/** The stance to an act. With the handling it decides the class. */
export const STANCES = {
  refused: [
    "I would not {act}",
    "{who} refused to {act}",
    "we declined to {act}",
    "I was pressed to {act} and did not",
    "{who} tried to {act} and was held back",
    "I decided not to {act}",
  ],
  asked: [
    "{party} wants me to {act}",
    "{who} told me to {act}",
    "I have been asked to {act}",
    "{party} expects that we {act}",
    "there is a request to {act}",
  ],
  did: [
    "I have {done}",
    "{who} has {done}",
    "last week we {done}",
    "it turned out that {who} {done}",
    "I {done} yesterday",
    "{who} already {done}",
  ],
  plans: [
    "I am going to {act} by {day}",
    "we will {act} on {day}",
    "{who} plans to {act}",
    "we have to {act} by {day}",
    "tomorrow I {act}",
  ],
} as const;

export const HANDLINGS = {
  open: [
    "compliance knows and has it in writing",
    "it is in the register",
    "legal signed it off and the paper is in {safe}",
    "it was reported on the same day",
    "all of it is on file, with the approval",
    "{law} asks for exactly that and it was documented",
  ],
  hidden: [
    "nobody needs to know",
    "it stays between us",
    "keep it out of {safe}",
    "there will be no trace of it",
    "not a word to audit",
    "please forget that I wrote this",
    "the record will say something else",
  ],
  unsure: [
    "is that right?",
    "who can tell me what {law} says?",
    "I am not sure about it",
    "please have a look",
    "what should happen next?",
    "can somebody advise by {day}?",
  ],
} as const;

export const MEANING: Record<Kind, readonly (readonly [keyof typeof STANCES, keyof typeof HANDLINGS])[]> = {
  compliant: [
    ["refused", "open"],
    ["asked", "open"],
    ["plans", "open"],
  ],
  "needs-review": [
    ["refused", "unsure"],
    ["asked", "hidden"],
    ["asked", "unsure"],
    ["did", "open"],
    ["did", "unsure"],
    ["plans", "unsure"],
  ],
  violation: [
    ["did", "hidden"],
    ["plans", "hidden"],
  ],
};

export const GREETINGS = [
  "",
  "",
  "",
  "Hi all,",
  "Hello Sam,",
  "Team,",
  "Dear colleague,",
  "Morning!",
  "Quick one:",
];
export const CLOSINGS = [
  "",
  "",
  "",
  "Thanks!",
  "Kind regards, Alex",
  "Best, Robin",
  "Cheers",
  "Let me know.",
];

/** In any message; most risky words occur here as well. */
export const FILLERS = [
  "The meeting moved to {day}.",
  "{party} called about {deal} again.",
  "I will be out of office on {day}.",
  "{law} was updated last month.",
  "The numbers for {deal} look fine.",
  "Legal and audit are copied on this message.",
  "We talked about {data} on {day}.",
  "Nobody was in the office on {day}.",
  "Please check the coffee machine on the second floor.",
  "{who} approved the leave for {day}.",
  "The password for the guest network has changed.",
];
