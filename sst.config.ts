// oxlint-disable-next-line typescript/triple-slash-reference -- how SST hands a config its global types
/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input.stage === "production";
    return {
      name: "sluice",
      home: "aws",
      removal: production ? "retain" : "remove",
      protect: production,
      providers: { aws: "7.20.0", "docker-build": "0.0.14" },
    };
  },
  async run() {
    const { urls, pageUrl } = await import("./infra/index.ts");
    return { stage: $app.stage, ...urls, page: pageUrl };
  },
});
