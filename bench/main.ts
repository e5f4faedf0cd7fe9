// `npm run bench` runs every measurement, `npm run bench -- burst` one; `-- serving-soak 3` gives it a number.
const MEASUREMENTS: Record<string, () => Promise<{ run(command: string, size?: number): Promise<void> }>> = {
  start: () => import("./start.ts"),
  page: () => import("./page.ts"),
  bundles: () => import("./bundles.ts"),
  overhead: () => import("./overhead.ts"),
  burst: () => import("./burst.ts"),
  crash: () => import("./crash.ts"),
  import: () => import("./datasets/import.ts"),
  prepare: () => import("./datasets/prepare.ts"),
  probe: () => import("./probe/probe.ts"),
  boxes: () => import("./inference/boxes.ts"),
  serving: () => import("./inference/serving.ts"),
  "serving-start": () => import("./inference/start.ts"),
  "serving-soak": () => import("./inference/soak.ts"),
};

const given = process.argv.slice(2);
const size = given.find((word) => /^\d+$/.test(word));
const asked = given.filter((word) => word !== size);
const unknown = asked.find((name) => !(name in MEASUREMENTS));
if (unknown) {
  process.stderr.write(
    `There is no measurement "${unknown}". There are: ${Object.keys(MEASUREMENTS).join(", ")}.\n`,
  );
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(MEASUREMENTS)) {
  const { run } = await MEASUREMENTS[name]!();
  await run(`npm run bench -- ${name}${size ? ` ${size}` : ""}`, size ? Number(size) : undefined);
}
