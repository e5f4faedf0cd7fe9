import { SNSClient } from "@aws-sdk/client-sns";
import { lazy } from "./lazy.ts";

export const sns = lazy(() => new SNSClient({}));
