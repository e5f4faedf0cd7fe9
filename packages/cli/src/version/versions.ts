import { Command, Option } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { type ListOptions, printList, readPages, withListOptions } from "../target/list.ts";
import { paint, printJson, print, STATUS_STYLE, printTable } from "../terminal/output.ts";
import { exportPackage, type Layout } from "./export.ts";
import { compareVersions, fetchEvaluation, showEvaluation, showVersion } from "./show.ts";

export const versions = new Command("versions").description("Manage the versions of a model");

const statuses = ["evaluating", "accepted", "refused", "failed"] as const;

withListOptions(
  withCommonOptions(
    versions
      .command("list <model>")
      .description("List the versions of a model with their score, newest first")
      .addOption(new Option("--status <status>", "only versions with this status").choices(statuses)),
    ["npx sluice versions list cats", "npx sluice versions list cats --status accepted --json"],
  ),
  "versions",
).action(
  async (model: string, { status, ...options }: ListOptions & { status?: (typeof statuses)[number] }) => {
    const { api } = connectTarget(options);
    const page = await readPages(options, 100, (query) =>
      readBody(api.versions.$get({ query: { model, status, ...query } })),
    );
    const traffic = await readBody(api.traffic[":model"].$get({ param: { model } }));
    const formatTraffic = (version: string) => {
      if (version === traffic.version) return "live";
      return version === traffic.candidate?.version ? `${traffic.candidate.share} %` : "";
    };
    printList(page, options.json, {
      empty: `${model} has no versions. Train one: npx sluice train ${model}`,
      columns: [
        { title: "version", value: (row) => row.version },
        { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
        { title: "traffic", value: (row) => formatTraffic(row.version) },
        {
          title: page.items[0]?.manifest.task === "object-detection" ? "mAP@.5" : "accuracy",
          value: (row) => (row.metrics?.["accuracy"] ?? row.metrics?.["mAP50"])?.toFixed(4),
        },
        { title: "source", value: (row) => row.run ?? row.source },
        { title: "created", value: (row) => row.createdAt },
      ],
    });
  },
);

withCommonOptions(
  versions
    .command("show <model> [version]")
    .description("Show a version: origin, metrics, confusion matrix (default: the newest)"),
  ["npx sluice versions show cats", "npx sluice versions show cats 0a1b2c3d4e5f --json"],
).action(async (model: string, version: string | undefined, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const found = await readBody(
    api.versions[":model"][":version"].$get({ param: { model, version: version ?? "latest" } }),
  );
  const evaluation = await fetchEvaluation(api, found);
  if (options.json) return printJson({ ...found, evaluation });
  showVersion(found);
  if (evaluation) showEvaluation(evaluation);
});

withCommonOptions(
  versions
    .command("export <model> <version> <file>")
    .description("Save the package of a version as a file")
    .addOption(
      new Option(
        "--layout <layout>",
        "sluice: as served by Sluice; pytorch: for SageMaker's PyTorch container",
      )
        .choices(["sluice", "pytorch"])
        .default("sluice"),
    ),
  ["npx sluice versions export cats latest cats.tar.gz --layout pytorch"],
).action(
  async (
    model: string,
    version: string,
    file: string,
    { layout, ...options }: CommonOptions & { layout: Layout },
  ) => {
    const { api } = connectTarget(options);
    const found = await readBody(api.versions[":model"][":version"].$get({ param: { model, version } }));
    const done = await exportPackage(api, found, file, layout);
    if (options.json) return printJson({ ...done, version: found.version });
    print(`${model} ${found.version} -> ${file}`);
  },
);

withCommonOptions(
  versions
    .command("compare <model> <left> <right>")
    .description("Compare the metrics of two versions, per class"),
  ["npx sluice versions compare cats 0a1b2c 9f8e7d", "npx sluice versions compare cats 0a1b2c latest"],
).action(async (model: string, left: string, right: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const [one, other] = await Promise.all(
    [left, right].map(async (version) => {
      const found = await readBody(api.versions[":model"][":version"].$get({ param: { model, version } }));
      return { version: found, evaluation: await fetchEvaluation(api, found) };
    }),
  );
  const rows = compareVersions(one!, other!);
  if (options.json) return printJson({ left: one, right: other, rows });
  const delta = (row: (typeof rows)[number]) =>
    row.left === undefined || row.right === undefined ? undefined : row.right - row.left;
  printTable(rows, [
    { title: "", value: (row) => row.metric },
    { title: one!.version.version, value: (row) => row.left?.toFixed(4) },
    { title: other!.version.version, value: (row) => row.right?.toFixed(4) },
    {
      title: "change",
      value: (row) => {
        const by = delta(row);
        return by === undefined ? undefined : `${by >= 0 ? "+" : ""}${by.toFixed(4)}`;
      },
      style: (row) => ((delta(row) ?? 0) * (row.metric === "ece" ? -1 : 1) < 0 ? "red" : "green"),
    },
  ]);
  const notEvaluated = [one!, other!].find(({ evaluation }) => !evaluation)?.version.version;
  if (notEvaluated)
    print(
      paint(
        "dim",
        `${notEvaluated} has no evaluation. Start one: npx sluice evaluate ${model} --version ${notEvaluated}`,
      ),
    );
  else if (one!.version.evaluationDataset !== other!.version.evaluationDataset) {
    const [left, right] = [one!, other!].map(({ version }) => version.evaluationDataset);
    print(
      paint(
        "dim",
        `Evaluated on different data, ${left} and ${right}. To change that: npx sluice evaluate ${model} --version V --dataset ID`,
      ),
    );
  }
});
