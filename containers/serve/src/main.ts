// The `serve` program: listens at once, is healthy after the first inference, and drains on SIGTERM.
import { asInferenceError } from "@sluice/inference/error.ts";
import { jsonLog } from "./log.ts";
import { modelStore } from "./models.ts";
import { router } from "./routes.ts";
import { serve } from "./server.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);
const { log, flush } = jsonLog(settings.logLevel);
const models = modelStore(settings);
const serving = await serve(settings, router(settings, models), log);
log("info", "listening", { host: settings.host, port: serving.port, threads: settings.threads });

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    log("info", "draining", { signal });
    await serving.drain();
    await models.close();
    await flush();
    process.exit(0);
  });

if (!settings.multiModel) {
  try {
    await models.load("", settings.modelDir);
    const { manifest } = models.get("").engine;
    log("info", "ready", {
      model: manifest.model,
      version: manifest.version,
      task: manifest.task,
      startMs: Math.round(performance.now()),
      memoryMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    });
  } catch (thrown) {
    // SageMaker reads the log and the exit code. Without a model, staying alive would only time out.
    const error = asInferenceError(thrown);
    log("error", "the model cannot be loaded", { ...error.toJSON(), modelDir: settings.modelDir });
    await flush();
    process.exit(1);
  }
}
