import { logRetention } from "./stage.ts";

/** What all functions have in common. Links carry values; what a function may do stands in its own `permissions`. */
export const settings = {
  runtime: "nodejs24.x",
  // A fifth cheaper than x86 for the same work, and nothing here is native code.
  architecture: "arm64",
  logging: { retention: logRetention },
  nodejs: { minify: true },
} satisfies Partial<sst.aws.FunctionArgs>;
