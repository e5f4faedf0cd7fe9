// Preloaded into child programs: exits when their parent, at the other end of this channel, exits or is killed.
import { enableCompileCache } from "node:module";

process.on("disconnect", () => process.exit(1));
process.channel?.unref();
// With the compile cache, later starts of a program take half the time.
enableCompileCache();
