import { Command, Option } from "commander";
import { common, type CommonOptions } from "../common.ts";
import { EXIT, Failure } from "../failure.ts";
import { linkResources } from "../links.ts";
import { note, printJson, say, table } from "../output.ts";

/** The table itself is spoken to: the first token cannot be asked for with a token. */
async function tokens(options: CommonOptions) {
  linkResources(options, "token create --name me");
  return import("@sluice/core/token/token.ts");
}

export const token = new Command("token").description("Who may use the API");

common(
  token
    .command("create")
    .description("Make a bearer token; it is shown once and kept only as a hash")
    .requiredOption("--name <name>", "whose it is, or what for")
    .addOption(
      new Option("--scope <scope...>", "what it may do")
        .choices(["read", "predict", "upload", "admin"])
        .default(["read"]),
    )
    .option("--expires <instant>", "when it ends, ISO 8601; never without it"),
  [
    "sluice token create --name dashboard",
    "npx sst shell --stage production npx sluice token create --name me --scope admin",
  ],
).action(
  async ({
    name,
    scope,
    expires,
    ...options
  }: CommonOptions & {
    name: string;
    scope: ("read" | "predict" | "upload" | "admin")[];
    expires?: string;
  }) => {
    const Token = await tokens(options);
    const made = await Token.create({ name, scopes: scope, expiresAt: expires });
    if (options.json) return printJson(made);
    say(made.token);
    note(`For "${name}", may: ${scope.join(", ")}. It is not shown again.`);
  },
);

common(token.command("list").description("The tokens there are, without their secrets"), [
  "sluice token list",
]).action(async (options: CommonOptions) => {
  const Token = await tokens(options);
  const all = await Token.list();
  if (options.json) return printJson(all);
  say(
    table(all, [
      { title: "name", value: (row) => row.name },
      { title: "scopes", value: (row) => row.scopes.join(", ") },
      { title: "made", value: (row) => row.createdAt },
      {
        title: "expires",
        value: (row) => (row.expires ? new Date(row.expires * 1_000).toISOString() : "never"),
      },
      { title: "hash", value: (row) => row.hash },
    ]),
  );
});

common(token.command("revoke <hash>").description("End a token, by the hash that the list shows"), [
  "sluice token revoke 9f86d0…",
]).action(async (hash: string, options: CommonOptions) => {
  const Token = await tokens(options);
  const found = (await Token.list()).filter((one) => one.hash.startsWith(hash));
  if (found.length !== 1) {
    throw new Failure("TOKEN_UNKNOWN", `${found.length} tokens have a hash that begins with ${hash}.`, {
      exit: EXIT.missing,
      hint: "Copy more of it from `sluice token list`.",
    });
  }
  await Token.revoke(found[0]!.hash);
  if (options.json) printJson({ revoked: found[0]!.name });
  else say(`The token "${found[0]!.name}" no longer opens anything.`);
});
