// What a training may start from: an earlier version, a checkpoint in S3, or a base model of transformers.
import * as z from "zod";
import { parseAlias } from "./detector-name.ts";

const S3 = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/./;
const PICKLE = /\.(pt|pth|pkl|pickle|ckpt|bin)$/i;
/** A checkpoint, a package of a version, or a folder with one of them. */
const CHECKPOINT = /(\.safetensors|\.tar\.gz|\/)$/;

export const NO_WEIGHTS = "none";
export const isS3Uri = (text: string) => S3.test(text);
export const isVersion = (text: string) => /^([0-9a-f]{4,12}|latest)$/.test(text);

export const PICKLE_PROBLEM =
  "is a pickle file, which can run any code when it is loaded. Convert it to safetensors, or export it to ONNX and " +
  "deploy that: `sluice provision MODEL --package best.onnx`";

export const isPickle = (file: string) => PICKLE.test(file);

export const Weights = z
  .string()
  .max(1_024)
  .superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    if (isPickle(text)) return refuse(PICKLE_PROBLEM);
    if (isS3Uri(text) ? CHECKPOINT.test(text) : isName(text)) return undefined;
    return refuse("must be `none`, a version such as 0a1b2c3d4e5f, or the S3 URI of a .safetensors file");
  });

const isName = (text: string) => text === NO_WEIGHTS || isVersion(text) || parseAlias(text) !== undefined;

/** A model's name on the hub, with or without its owner. */
const HUB_NAME = /^\w[\w.-]*(\/\w[\w.-]*)?$/;

export const BaseModel = z
  .string()
  .max(1_024)
  .refine(
    (text) => isS3Uri(text) || HUB_NAME.test(text),
    "must be a model's name on the hub, such as distilbert-base-uncased, or the S3 prefix of its files",
  );
