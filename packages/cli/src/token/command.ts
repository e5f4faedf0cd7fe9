import { printList } from "../target/list.ts";
import { Command, Option } from "commander";
import { withCommonOptions, type CommonOptions } from "../target/options.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { linkResources } from "../target/links.ts";
import { printNote, printJson, print } from "../terminal/output.ts";

/** Uses the table directly, because creating the first token cannot need a token. */
async function openTokens(options: CommonOptions) {
  linkResources(options, "tokens create --name me");
  return import("@sluice/core/token/manage.ts");
}

export const tokens = new Command("tokens").description("Manage the bearer tokens of the API");

withCommonOptions(
  tokens
    .command("create")
    .description("Create a bearer token; it is printed once and stored as a hash")
    .requiredOption("--name <name>", "owner or purpose")
    .addOption(
      new Option("--scope <scope...>", "what the token allows")
        .choices(["read", "predict", "upload", "admin"])
        .default(["read"]),
    )
    .option("--expires <timestamp>", "expiry time, ISO 8601 (default: never)"),
  [
    "npx sluice tokens create --name dashboard",
    "npx sst shell --stage production npx sluice tokens create --name me --scope admin",
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
    const Token = await openTokens(options);
    const created = await Token.createToken({ name, scopes: scope, expiresAt: expires });
    if (options.json) return printJson(created);
    print(created.token);
    printNote(
      `Token "${name}" with ${scope.length === 1 ? "scope" : "scopes"} ${scope.join(", ")}. It is not shown again.`,
    );
  },
);

withCommonOptions(tokens.command("list").description("List the tokens, without their secrets"), [
  "npx sluice tokens list",
]).action(async (options: CommonOptions) => {
  const Token = await openTokens(options);
  printList({ items: await Token.listTokens() }, options.json, {
    columns: [
      { title: "name", value: (row) => row.name },
      { title: "scopes", value: (row) => row.scopes.join(", ") },
      { title: "created", value: (row) => row.createdAt },
      {
        title: "expires",
        value: (row) => (row.expires ? new Date(row.expires * 1_000).toISOString() : "never"),
      },
      { title: "hash", value: (row) => row.hash },
    ],
  });
});

withCommonOptions(
  tokens.command("revoke <hash>").description("Revoke a token by the start of its hash (see `tokens list`)"),
  ["npx sluice tokens revoke 9f86d0…"],
).action(async (hash: string, options: CommonOptions) => {
  const Token = await openTokens(options);
  const found = (await Token.listTokens()).filter((one) => one.hash.startsWith(hash));
  if (found.length !== 1)
    throw new Failure(
      "TOKEN_UNKNOWN",
      `${found.length === 0 ? "No token has" : `${found.length} tokens have`} a hash that starts with ${hash}.`,
      {
        exit: EXIT.missing,
        hint: "Use the start of a hash that only one token has: `npx sluice tokens list`.",
      },
    );
  await Token.revokeToken(found[0]!.hash);
  if (options.json) printJson({ revoked: found[0]!.name });
  else print(`Revoked the token "${found[0]!.name}".`);
});
