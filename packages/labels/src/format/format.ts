// What a label format is: how it is recognised, read and written.
import type { Task } from "@sluice/models/index.ts";
import type { Collection } from "./collection.ts";
import type { Labelled, Size } from "./labelled.ts";
import type { Problem } from "./problem.ts";
import type { Sketch } from "./sketch.ts";

export const FORMAT_NAMES = ["folders", "csv", "yolo", "coco", "voc", "manifest", "jsonl", "chat"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];
/** A conversation cannot be told from any other file of its kind: it is only written. */
export const READABLE = FORMAT_NAMES.filter((name) => name !== "chat");

export interface ReadContext {
  /** The model's classes, for formats that give only their numbers. */
  classes?: readonly string[];
  /** Folders of the collection where named files may lie besides: `data/cats/`. */
  folders?: readonly string[];
}

/** Begun anew at each call: a format may need the classes before the labels. */
export type Items = () => AsyncIterable<Labelled> | Iterable<Labelled>;

export interface WriteContext {
  /** In the order of their numbers; without them, the classes that occur, sorted. */
  classes?: readonly string[];
  /** Put before a file where the format wants a whole address: `s3://bucket/prefix/`. */
  base?: string;
  /** For a format that needs a picture's size where the label does not say it. */
  size?(file: string): Promise<Size | undefined>;
  /** For a format that holds the text itself where the label only names its file. */
  text?(file: string): Promise<string | undefined>;
}

/** A piece of a label file, in order, the same path again going on with it; or a file that belongs there as it is. */
export type Written = { path: string; text: string } | { path: string; copyOf: string };

export interface Format {
  name: FormatName;
  title: string;
  tasks: readonly Task[];
  /** What detection goes by, for the message when nothing was recognised. */
  looksFor: string;
  detect(sketch: Sketch): Promise<boolean>;
  /** Problems of the label files come in between; an item that follows one is still good. */
  read?(collection: Collection, context: ReadContext): AsyncIterable<Labelled | Problem>;
  /** Throws a LabelError where the format cannot hold what is given. */
  write(items: Items, context: WriteContext): AsyncIterable<Written>;
}
