#!/usr/bin/env node
// With the compile cache, every command after the first starts in half the time.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { run } = await import("./program.ts");
await run(process.argv.slice(2));
