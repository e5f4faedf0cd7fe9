// Reads the settings from the environment.
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Level } from "./log.ts";

export interface Settings {
  host: string;
  port: number;
  modelDir: string;
  /** The version in responses; the package's own by default. A package does not contain its digest. */
  version: string | undefined;
  /** Loads no model at start; /models loads and unloads them. */
  multiModel: boolean;
  maxLoadedModels: number;
  maxBodyBytes: number;
  /** Of the object that a request names by s3Uri. */
  maxObjectBytes: number;
  maxPixels: number;
  /** Running or waiting; further requests are rejected at once. */
  maxInFlight: number;
  requestTimeoutMs: number;
  drainMs: number;
  threads: number;
  /** Copies of the model: 1 for the lowest latency, one per core for the highest throughput. */
  workers: number;
  logLevel: Level;
}

const MIB = 1024 * 1024;

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const optMl = env["SM_OPT_ML"];
  const number = (name: string, fallback: number) => {
    const value = env[name];
    if (value === undefined || value === "") return fallback;
    const parsed = Number(value);
    if (!Number.isFinite(parsed) || parsed <= 0)
      throw new Error(`${name} is '${value}', which is not a positive number. Unset it or correct it.`);
    return parsed;
  };
  const payloadMb = number("SAGEMAKER_MAX_PAYLOAD_IN_MB", 6);
  return {
    // Outside a container only this machine may connect.
    host: env["SLUICE_BIND"] ?? (optMl ? "127.0.0.1" : "0.0.0.0"),
    port: number("SAGEMAKER_BIND_TO_PORT", 8080),
    modelDir: env["SM_MODEL_DIR"] ?? path.join(optMl ?? "/opt/ml", "model"),
    version: env["SLUICE_VERSION"] || undefined,
    multiModel: env["SAGEMAKER_MULTI_MODEL"] === "true",
    maxLoadedModels: number("SLUICE_MAX_LOADED_MODELS", 16),
    maxBodyBytes: number("SLUICE_MAX_BODY_BYTES", payloadMb * MIB),
    maxObjectBytes: number("SLUICE_MAX_OBJECT_BYTES", 64 * MIB),
    maxPixels: number("SLUICE_MAX_PIXELS", 64_000_000),
    maxInFlight: number("SLUICE_MAX_IN_FLIGHT", 64),
    // SageMaker stops waiting after 60 s; an error response must be sent before.
    requestTimeoutMs: number(
      "SLUICE_REQUEST_TIMEOUT_MS",
      number("SAGEMAKER_MODEL_SERVER_TIMEOUT", 55) * 1000,
    ),
    // SIGKILL follows SIGTERM after 30 s.
    drainMs: number("SLUICE_DRAIN_MS", 25_000),
    threads: number("SLUICE_THREADS", availableParallelism()),
    workers: number("SLUICE_WORKERS", number("SAGEMAKER_MODEL_SERVER_WORKERS", 1)),
    logLevel: logLevel(number("SAGEMAKER_CONTAINER_LOG_LEVEL", 20)),
  };
}

/** SageMaker counts levels as Python does: 20 is info, 30 warning, 40 error. */
const logLevel = (level: number): Level => (level <= 20 ? "info" : level <= 30 ? "warn" : "error");
