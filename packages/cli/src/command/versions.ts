import { Command, Option } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { paint, printJson, say, STATUS_STYLE, table } from "../output.ts";
import { exportPackage, type Layout } from "../version/export.ts";
import { compared, evaluationIn, showEvaluation, showVersion } from "../version/show.ts";

export const versions = new Command("versions").description("A model's trained and brought packages");

const statuses = ["evaluating", "accepted", "refused", "failed"] as const;

common(
  versions
    .command("list <model>")
    .description("Newest first, with the figures they were judged by")
    .addOption(new Option("--status <status>", "only these").choices(statuses))
    .option("--limit <n>", "how many", "20"),
  ["sluice versions list cats", "sluice versions list cats --status accepted --json"],
).action(
  async (
    model: string,
    { status, limit, ...options }: CommonOptions & { status?: (typeof statuses)[number]; limit: string },
  ) => {
    const { api } = open(options);
    const { items } = await body(api.versions.$get({ query: { model, status, limit } }));
    const traffic = await body(api.traffic[":model"].$get({ param: { model } }));
    if (options.json) return printJson(items);
    if (items.length === 0) return say(`${model} has no version yet: sluice train ${model}`);
    const serves = (version: string) => {
      if (version === traffic.version) return "live";
      return version === traffic.candidate?.version ? `${traffic.candidate.share} %` : "";
    };
    say(
      table(items, [
        { title: "version", value: (row) => row.version },
        { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
        { title: "serves", value: (row) => serves(row.version) },
        {
          title: items[0]!.about.task === "object-detection" ? "mAP@.5" : "accuracy",
          value: (row) => (row.metrics?.["accuracy"] ?? row.metrics?.["mAP50"])?.toFixed(4),
        },
        { title: "from", value: (row) => row.run ?? row.source },
        { title: "created", value: (row) => row.createdAt },
      ]),
    );
  },
);

common(
  versions
    .command("show <model> [version]")
    .description("One version: lineage, figures, what it confuses; the newest without a name"),
  ["sluice versions show cats", "sluice versions show cats 0a1b2c3d4e5f --json"],
).action(async (model: string, version: string | undefined, options: CommonOptions) => {
  const { api } = open(options);
  const found = await body(
    api.versions[":model"][":version"].$get({ param: { model, version: version ?? "latest" } }),
  );
  const evaluation = await evaluationIn(api, found);
  if (options.json) return printJson({ ...found, evaluation });
  showVersion(found);
  if (evaluation) showEvaluation(evaluation);
});

common(
  versions
    .command("export <model> <version> <file>")
    .description("Its package as a file")
    .addOption(
      new Option("--layout <layout>", "as served here, or for SageMaker's stock PyTorch container")
        .choices(["sluice", "pytorch"])
        .default("sluice"),
    ),
  ["sluice versions export cats latest cats.tar.gz --layout pytorch"],
).action(
  async (
    model: string,
    version: string,
    file: string,
    { layout, ...options }: CommonOptions & { layout: Layout },
  ) => {
    const { api } = open(options);
    const found = await body(api.versions[":model"][":version"].$get({ param: { model, version } }));
    const done = await exportPackage(api, found, file, layout);
    if (options.json) return printJson({ ...done, version: found.version });
    say(`${model} ${found.version} -> ${file}`);
  },
);

common(
  versions.command("compare <model> <left> <right>").description("Two versions side by side, class by class"),
  ["sluice versions compare cats 0a1b2c 9f8e7d", "sluice versions compare cats 0a1b2c latest"],
).action(async (model: string, left: string, right: string, options: CommonOptions) => {
  const { api } = open(options);
  const [one, other] = await Promise.all(
    [left, right].map(async (version) => {
      const found = await body(api.versions[":model"][":version"].$get({ param: { model, version } }));
      return { version: found, evaluation: await evaluationIn(api, found) };
    }),
  );
  const rows = compared(one!, other!);
  if (options.json) return printJson({ left: one, right: other, rows });
  const delta = (row: (typeof rows)[number]) =>
    row.left === undefined || row.right === undefined ? undefined : row.right - row.left;
  say(
    table(rows, [
      { title: "", value: (row) => row.what },
      { title: one!.version.version, value: (row) => row.left?.toFixed(4) },
      { title: other!.version.version, value: (row) => row.right?.toFixed(4) },
      {
        title: "change",
        value: (row) => {
          const by = delta(row);
          return by === undefined ? undefined : `${by >= 0 ? "+" : ""}${by.toFixed(4)}`;
        },
        style: (row) => ((delta(row) ?? 0) * (row.what === "ece" ? -1 : 1) < 0 ? "red" : "green"),
      },
    ]),
  );
  const unmeasured = [one!, other!].find(({ evaluation }) => !evaluation)?.version.version;
  if (unmeasured)
    say(
      paint("dim", `${unmeasured} was not evaluated yet: sluice evaluate ${model} --version ${unmeasured}`),
    );
  else if (one!.version.evaluationDataset !== other!.version.evaluationDataset) {
    const [left, right] = [one!, other!].map(({ version }) => version.evaluationDataset);
    say(
      paint(
        "dim",
        `On different data, ${left} and ${right}: sluice evaluate ${model} --version V --dataset ID`,
      ),
    );
  }
});
