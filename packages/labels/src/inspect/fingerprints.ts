// Groups files that are equal, similar or from one burst. Validation, profiles and datasets use the same groups.
// Typed arrays hold a million files in about 40 MB, and no step compares all pairs.
import { growableUint8, growableFloat64, growableUint32 } from "../growable-array.ts";
import { digest53 } from "../format/key-set.ts";
import { basename, directory } from "../format/path.ts";
import { countBits, findSimilar, type HashWords } from "./similar-hashes.ts";
import { type Groups, sortIndexes, selectIndexes, unionFind } from "./union-find.ts";

export interface Fingerprint {
  /** Hex, or its first digits. A file without it equals no other. */
  sha256?: string;
  /** The perceptual hash, 16 hex digits. */
  hash?: string;
  /** The path: it often contains the camera and the time. */
  file?: string;
  /** Epoch ms, from EXIF. */
  takenAt?: number;
}

/** Bits of 64. Variants of an image (scaled, recompressed, brighter) differ in up to six, other images in ten or more. */
const MAX_DISTANCE = 6;
/** Images of a burst differ more. Unrelated images differ in 32 bits on average. */
const MAX_DISTANCE_IN_BURST = 16;
const BURST_MS = 5_000;

export function fingerprints() {
  /** Digests of the content. 0 if unknown. */
  const content = growableFloat64();
  const [high, low, hashed] = [growableUint32(), growableUint32(), growableUint8()];
  /** Only files with a known time. */
  const dated = { file: growableUint32(), camera: growableFloat64(), time: growableFloat64() };

  return {
    /** Files are numbered in the order of calls, from 0. */
    add({ sha256, hash, file = "", takenAt }: Fingerprint): void {
      const fromName = timeInName(file);
      const time = takenAt ?? fromName?.at;
      if (time !== undefined && hash !== undefined) {
        dated.file.push(content.length);
        dated.camera.push(digest53(fromName?.camera ?? directory(file)));
        dated.time.push(time);
      }
      content.push(sha256 === undefined ? 0 : digest53(sha256));
      high.push(hash === undefined ? 0 : Number.parseInt(hash.slice(0, 8), 16));
      low.push(hash === undefined ? 0 : Number.parseInt(hash.slice(8), 16));
      hashed.push(hash === undefined ? 0 : 1);
    },
    /** Groups of equal files. */
    exact(): Groups {
      const { groups, join } = unionFind(content.length);
      joinEqual(content.view(), join);
      return groups();
    },
    /** Groups of files that are equal, similar, or from one burst of a camera. */
    near(): Groups {
      const { groups, join } = unionFind(content.length);
      joinEqual(content.view(), join);
      const looks: HashWords = [high.view(), low.view()];
      const apart = (a: number, b: number) =>
        countBits(looks[0][a]! ^ looks[0][b]!) + countBits(looks[1][a]! ^ looks[1][b]!);
      const known = hashed.view();
      findSimilar(
        selectIndexes(known.length, (at) => known[at] === 1),
        looks,
        join,
        (a, b) => apart(a, b) <= MAX_DISTANCE && join(a, b),
      );
      const [file, camera, time] = [dated.file.view(), dated.camera.view(), dated.time.view()];
      const order = sortIndexes(
        selectIndexes(file.length, () => true),
        camera,
        time,
      );
      for (let at = 1; at < order.length; at += 1) {
        const [before, one] = [order[at - 1]!, order[at]!];
        if (camera[one] !== camera[before] || time[one]! - time[before]! > BURST_MS) continue;
        if (apart(file[before]!, file[one]!) <= MAX_DISTANCE_IN_BURST) join(file[before]!, file[one]!);
      }
      return groups();
    },
  };
}

export type Fingerprints = ReturnType<typeof fingerprints>;

function joinEqual(content: Float64Array, join: (a: number, b: number) => void) {
  const order = sortIndexes(
    selectIndexes(content.length, (at) => content[at] !== 0),
    content,
  );
  for (let at = 1; at < order.length; at += 1)
    if (content[order[at]!] === content[order[at - 1]!]) join(order[at - 1]!, order[at]!);
}

/** `garden_2026-01-02T03-04-05Z.jpg`, `IMG_20260102_030405.jpg`. The text before the time identifies the camera. */
function timeInName(file: string): { at: number; camera: string } | undefined {
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
