// The interface of a label format.
import type { Task } from "@sluice/models/index.ts";
import type { Collection } from "./collection.ts";
import type { Sample, Size } from "./sample.ts";
import type { Problem } from "./problem.ts";
import type { FormatHints } from "./format-hints.ts";

export const FORMAT_NAMES = ["folders", "csv", "yolo", "coco", "voc", "manifest", "jsonl", "chat"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];
/** Chat files cannot be recognized, so they are only written. */
export const READABLE = FORMAT_NAMES.filter((name) => name !== "chat");

export interface ReadContext {
  /** The model's classes, for formats with class numbers only. */
  classes?: readonly string[];
  /** More folders to search for files: `data/cats/`. */
  folders?: readonly string[];
}

/** Each call starts from the beginning: some formats need several passes. */
export type Samples = () => AsyncIterable<Sample> | Iterable<Sample>;

export interface WriteContext {
  /** In the order of class numbers. Default: all classes of the samples, sorted. */
  classes?: readonly string[];
  /** The URL prefix of files, for formats that need URLs: `s3://bucket/prefix/`. */
  base?: string;
  /** Reads an image's size, for formats that need it. */
  size?(file: string): Promise<Size | undefined>;
  /** Reads a text file, for formats that contain the text. */
  text?(file: string): Promise<string | undefined>;
}

/** Text to append to a label file, or a file to copy. */
export type WrittenPart = { path: string; text: string } | { path: string; copyOf: string };

export interface Format {
  name: FormatName;
  title: string;
  tasks: readonly Task[];
  /** What detection looks for. Shown when no format is detected. */
  expects: string;
  detect(sketch: FormatHints): Promise<boolean>;
  /** The classes in the order of their numbers. Undefined without a file of names. */
  classes?(collection: Collection): Promise<readonly string[] | undefined>;
  /** Yields problems of the label files among the samples. */
  read?(collection: Collection, context: ReadContext): AsyncIterable<Sample | Problem>;
  /** Throws a LabelError for samples that the format cannot hold. */
  write(items: Samples, context: WriteContext): AsyncIterable<WrittenPart>;
}
