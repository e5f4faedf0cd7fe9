// `npm run bench` runs every measurement, `npm run bench -- burst` one.
const MEASUREMENTS: Record<string, () => Promise<{ run(command: string): Promise<void> }>> = {
  start: () => import("./start.ts"),
  bundles: () => import("./bundles.ts"),
  overhead: () => import("./overhead.ts"),
  burst: () => import("./burst.ts"),
  crash: () => import("./crash.ts"),
  prepare: () => import("./datasets/prepare.ts"),
  boxes: () => import("./inference/boxes.ts"),
  serving: () => import("./inference/serving.ts"),
  "serving-start": () => import("./inference/start.ts"),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in MEASUREMENTS));
if (unknown) {
  process.stderr.write(
    `There is no measurement "${unknown}". There are: ${Object.keys(MEASUREMENTS).join(", ")}.\n`,
  );
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(MEASUREMENTS)) {
  const { run } = await MEASUREMENTS[name]!();
  await run(`npm run bench -- ${name}`);
}
