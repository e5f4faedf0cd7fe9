// Preloaded into child programs. Their parent holds the other end of this channel: when it is gone, for instance killed,
// nothing must be left running and holding ports.
import { enableCompileCache } from "node:module";

process.on("disconnect", () => process.exit(1));
process.channel?.unref();
// Node keeps what it compiled: every start of the same program after the first takes half the time.
enableCompileCache();
