import { alertKinds, type AlertKind, type AlertRule, type Channel } from "@sluice/core/alert/alert.ts";
import type { ListedAlert } from "@sluice/core/alert/list.ts";
import { Command, Option } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { print, printJson, printNote } from "../terminal/output.ts";
import { parseQuietHours } from "./quiet-hours.ts";

export const alerts = new Command("alerts").description(
  "List alerts of failures, drift and budgets, and the rules that deliver them",
);

withListOptions(
  withCommonOptions(alerts.command("list").description("List the alerts, newest first"), [
    "npx sluice alerts list",
    "npx sluice alerts list --model vehicles",
  ]),
  "alerts",
  50,
)
  .option("--model <model>", "only alerts of this model")
  .action(async ({ model, ...options }: ListOptions & { model?: string }) => {
    const { api } = connectTarget(options);
    const found = await readPages<ListedAlert>(options, 200, (page) =>
      readBody(api.alerts.$get({ query: { model, ...page } })),
    );
    printList(found, options.json, {
      empty: `No alerts${model ? ` of ${model}` : ""}.`,
      columns: [
        { title: "time", value: (row) => row.changedAt },
        { title: "alert", value: (row) => row.title },
        { title: "count", value: (row) => row.count },
        { title: "reason", value: (row) => row.text },
        { title: "page", value: (row) => row.link },
      ],
    });
  });

withCommonOptions(alerts.command("rules").description("List the rules, without secrets"), [
  "npx sluice alerts rules",
]).action(async (options: CommonOptions) => {
  const page = await readBody(connectTarget(options).api.alerts.rules.$get());
  printList(page, options.json, {
    empty: "No rules: alerts are listed, but not delivered. Add one: npx sluice alerts add --help",
    columns: [
      { title: "id", value: (row) => row.id },
      { title: "receiver", value: receiverOf },
      { title: "model", value: (row) => row.model ?? "all" },
      { title: "kinds", value: (row) => row.kinds?.join(", ") ?? "all" },
      { title: "quiet hours", value: ({ quiet }) => quiet && `${quiet.from}-${quiet.to} ${quiet.zone}` },
      { title: "created", value: (row) => row.createdAt },
      { title: "by", value: (row) => row.createdBy },
    ],
  });
});

interface AddOptions extends CommonOptions {
  webhook?: string;
  slack?: string;
  sns?: true;
  model?: string;
  kind?: AlertKind[];
  quiet?: string;
  zone?: string;
}

withCommonOptions(alerts.command("add").description("Add a rule; the secret of a webhook is printed once"), [
  "npx sluice alerts add --webhook https://example.com/alerts",
  "npx sluice alerts add --slack https://hooks.slack.com/services/T0/B0/X --model vehicles",
  "npx sluice alerts add --sns --kind drift accuracy --quiet 22:00-07:00 --zone Europe/Berlin",
])
  .option("--webhook <url>", "receiver of signed JSON")
  .option("--slack <url>", "incoming webhook of Slack")
  .option("--sns", "the app's SNS topic Alerts")
  .option("--model <model>", "only alerts of this model")
  .addOption(new Option("--kind <kind...>", "only alerts of these kinds").choices(alertKinds))
  .option("--quiet <from-to>", "quiet hours, such as 22:00-07:00: their alerts are summarized afterwards")
  .option("--zone <zone>", "time zone of the quiet hours (default: this machine's)")
  .action(async ({ webhook, slack, sns, model, kind: kinds, quiet, zone, ...options }: AddOptions) => {
    const receivers: { channel: Channel; url?: string }[] = [
      ...(webhook === undefined ? [] : [{ channel: "webhook" as const, url: webhook }]),
      ...(slack === undefined ? [] : [{ channel: "slack" as const, url: slack }]),
      ...(sns ? [{ channel: "sns" as const }] : []),
    ];
    if (receivers.length !== 1)
      throw new Failure("USAGE_WRONG", "Use exactly one of --webhook, --slack and --sns.", {
        exit: EXIT.usage,
        hint: "Add one rule for each receiver.",
      });
    const json = { ...receivers[0]!, model, kinds, quiet: parseQuietHours(quiet, zone) };
    const added = await readBody(connectTarget(options).api.alerts.rules.$post({ json }));
    if (options.json) return printJson(added);
    const { rule, secret } = added;
    print(`Added the rule ${rule.id}.`);
    if (secret !== undefined) {
      print(`secret  ${secret}`);
      printNote("The secret verifies the signatures. It is not shown again.");
    }
    printNote(`Test it: npx sluice alerts test ${rule.id}`);
  });

withCommonOptions(
  alerts.command("remove").argument("<rule>", "id of the rule").description("Remove a rule"),
  ["npx sluice alerts remove rul_0123"],
).action(async (id: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const removed = await readBody(api.alerts.rules[":id"].$delete({ param: { id } }));
  if (options.json) return printJson(removed);
  print(`Removed the rule ${id} for ${receiverOf(removed)}.`);
});

withCommonOptions(
  alerts
    .command("test")
    .argument("<rule>", "id of the rule")
    .description("Deliver a test message at once, without retries"),
  ["npx sluice alerts test rul_0123"],
).action(async (id: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const tested = await readBody(api.alerts.rules[":id"].test.$post({ param: { id } }));
  if (options.json) return printJson(tested);
  print(`The receiver accepted the message ${tested.notice}.`);
});

const receiverOf = ({ channel, origin }: AlertRule) =>
  channel === "sns" ? "SNS topic Alerts" : `${channel} ${origin}`;
