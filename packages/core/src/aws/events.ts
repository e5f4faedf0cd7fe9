import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { lazy } from "./lazy.ts";

export const events = lazy(() => new EventBridgeClient({}));
