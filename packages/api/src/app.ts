// The API, independent of its hosting. lambda.ts is its Lambda handler.
import { configureApp } from "./http/app.ts";
import { describeEvents } from "./http/event-schemas.ts";
import { createRouter } from "./http/router.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { accuracyRoutes } from "./routes/accuracy.ts";
import { changeRoutes } from "./routes/changes.ts";
import { costRoutes } from "./routes/costs.ts";
import { datasetRoutes } from "./routes/datasets.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { endpointRoutes } from "./routes/endpoints.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { labelRoutes } from "./routes/labels.ts";
import { modelRoutes } from "./routes/models.ts";
import { monitoringRoutes } from "./routes/monitoring.ts";
import { predictRoutes } from "./routes/predict.ts";
import { predictionRoutes } from "./routes/predictions.ts";
import { queueRoutes } from "./routes/queues.ts";
import { retrainRoutes } from "./routes/retrain.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { statisticsRoutes } from "./routes/statistics.ts";
import { traceRoutes } from "./routes/trace.ts";
import { trainingRoutes } from "./routes/training.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import { versionRoutes } from "./routes/versions.ts";

const DOCUMENT = {
  openapi: "3.1.0",
  info: {
    title: "Sluice",
    version: "1",
    description:
      "Uploads become predictions. All routes except /health and this document need a bearer token.",
  },
};

export function createApp() {
  const app = configureApp(createRouter());
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  describeEvents(app);
  app.doc31("/openapi.json", DOCUMENT);
  return app
    .route("/", healthRoutes)
    .route("/", modelRoutes)
    .route("/", statisticsRoutes)
    .route("/", costRoutes)
    .route("/", predictionRoutes)
    .route("/", changeRoutes)
    .route("/", uploadRoutes)
    .route("/", predictRoutes)
    .route("/", reviewRoutes)
    .route("/", labelRoutes)
    .route("/", datasetRoutes)
    .route("/", versionRoutes)
    .route("/", deploymentRoutes)
    .route("/", endpointRoutes)
    .route("/", trainingRoutes)
    .route("/", eventRoutes)
    .route("/", traceRoutes)
    .route("/", queueRoutes)
    .route("/", alertRoutes)
    .route("/", retrainRoutes)
    .route("/", accuracyRoutes)
    .route("/", monitoringRoutes);
}

/** Types the clients (`hono/client`). */
export type Routes = ReturnType<typeof createApp>;
