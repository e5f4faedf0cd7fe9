// Every service there is, in starting order: what others deliver to comes before what delivers.
import type { Plugin } from "./kernel/service.ts";
import { sts } from "./service/sts/plugin.ts";

export const allPlugins: Plugin[] = [sts];
