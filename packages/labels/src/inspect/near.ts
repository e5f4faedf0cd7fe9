// Which files are the same, nearly the same, or of one moment: the one answer that validating, profiling and preparing
// give. Typed arrays throughout: a million files take some 40 MB, and no step compares each with each.
import { bytes, floats, words } from "../growable-array.ts";
import { digest53 } from "../format/key-set.ts";
import { basename, directory } from "../format/path.ts";
import { ones, similar, type Words } from "./similar.ts";
import { type Groups, ordered, selected, union } from "./union.ts";

export interface Fingerprint {
  /** Hex, whole or its start. Nothing is equal to a file without it. */
  sha256?: string;
  /** 16 hex digits, of what it looks like. */
  hash?: string;
  /** Its path: names often hold the camera and the time. */
  file?: string;
  /** Epoch ms, from the picture itself. */
  takenAt?: number;
}

/** Bits of 64. Unlike pictures are ten and more apart; the same one scaled, recompressed or brightened up to six. */
const ALIKE = 6;
/** Within one burst the scene moves a little: half of what chance gives. */
const ALIKE_IN_BURST = 16;
const BURST_MS = 5_000;

export function fingerprints() {
  /** Of the content; 0 for unknown. */
  const content = floats();
  const [high, low, hashed] = [words(), words(), bytes()];
  /** Of those whose time is known alone: few names and cameras tell it. */
  const dated = { file: words(), camera: floats(), time: floats() };

  return {
    /** Its number is how many there were before. */
    add({ sha256, hash, file = "", takenAt }: Fingerprint): void {
      const named = momentIn(file);
      const time = takenAt ?? named?.at;
      if (time !== undefined && hash !== undefined) {
        dated.file.push(content.length);
        dated.camera.push(digest53(named?.camera ?? directory(file)));
        dated.time.push(time);
      }
      content.push(sha256 === undefined ? 0 : digest53(sha256));
      high.push(hash === undefined ? 0 : Number.parseInt(hash.slice(0, 8), 16));
      low.push(hash === undefined ? 0 : Number.parseInt(hash.slice(8), 16));
      hashed.push(hash === undefined ? 0 : 1);
    },
    /** Equal to the byte, or to the word. */
    exact(): Groups {
      const { groups, join } = union(content.length);
      joinEqual(content.all(), join);
      return groups();
    },
    /** Equal, alike, or of one burst of the same camera. */
    near(): Groups {
      const { groups, join } = union(content.length);
      joinEqual(content.all(), join);
      const looks: Words = [high.all(), low.all()];
      const apart = (a: number, b: number) =>
        ones(looks[0][a]! ^ looks[0][b]!) + ones(looks[1][a]! ^ looks[1][b]!);
      const known = hashed.all();
      similar(
        selected(known.length, (at) => known[at] === 1),
        looks,
        join,
        (a, b) => apart(a, b) <= ALIKE && join(a, b),
      );
      const [file, camera, time] = [dated.file.all(), dated.camera.all(), dated.time.all()];
      const order = ordered(
        selected(file.length, () => true),
        camera,
        time,
      );
      for (let at = 1; at < order.length; at += 1) {
        const [before, one] = [order[at - 1]!, order[at]!];
        if (camera[one] !== camera[before] || time[one]! - time[before]! > BURST_MS) continue;
        if (apart(file[before]!, file[one]!) <= ALIKE_IN_BURST) join(file[before]!, file[one]!);
      }
      return groups();
    },
  };
}

export type Fingerprints = ReturnType<typeof fingerprints>;

function joinEqual(content: Float64Array, join: (a: number, b: number) => void) {
  const order = ordered(
    selected(content.length, (at) => content[at] !== 0),
    content,
  );
  for (let at = 1; at < order.length; at += 1)
    if (content[order[at]!] === content[order[at - 1]!]) join(order[at - 1]!, order[at]!);
}

/** `garden_2026-01-02T03-04-05Z.jpg`, `IMG_20260102_030405.jpg`: the time, and what is left of the name as the camera. */
function momentIn(file: string): { at: number; camera: string } | undefined {
  const pattern = /(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[-:_.]?(\d\d)[-:_.]?(\d\d)(?:\.\d+)?Z?/;
  const name = basename(file);
  const found = pattern.exec(name);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  return {
    at: Date.UTC(year, month - 1, day, hour, minute, second),
    camera: directory(file) + name.slice(0, found.index),
  };
}
