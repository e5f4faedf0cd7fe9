// The two calls that SST's platform makes to its command line during an evaluation.
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { inProject } from "./project.ts";

/** A function SST asked to have built. */
export interface Built {
  functionID: string;
  handler: string;
  links: Record<string, Record<string, unknown>>;
}

const methods: Record<string, (argument: Built, built: Built[]) => unknown> = {
  "Provider.Aws.Bootstrap": () => ({
    asset: "@@aws.assets@@",
    assetEcrRegistryId: "@@aws.account@@",
    assetEcrUrl: "@@aws.images@@",
    state: "@@aws.state@@",
  }),
  "Runtime.Build": ({ functionID, handler, links }, built) => {
    built.push({ functionID, handler, links });
    // SST zips this folder; the zip goes nowhere.
    const out = path.join(inProject(".sst"), "synth", functionID);
    mkdirSync(out, { recursive: true });
    writeFileSync(path.join(out, "bundle.mjs"), "");
    return { handler: "bundle.handler", out, errors: [], sourcemaps: [] };
  },
};

export async function startRpc(): Promise<{ url: string; built: Built[]; close(): Promise<void> }> {
  const built: Built[] = [];
  const server = createServer(async (request, response) => {
    const body = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const { method, params } = JSON.parse(Buffer.concat(body).toString()) as {
      method: string;
      params: [Built];
    };
    const answer = methods[method];
    response.end(
      JSON.stringify(
        answer
          ? { result: answer(params[0], built) }
          : { error: { code: -32601, message: `synth cannot answer ${method}` } },
      ),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    built,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
