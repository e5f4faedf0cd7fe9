#!/usr/bin/env node
// With the compile cache, every command after the first starts in half the time.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./program.ts");
