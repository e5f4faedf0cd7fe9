// Files by their paths, wherever they lie: a folder, a bucket's prefix, an unpacked archive.
export interface Entry {
  path: string;
  size: number;
  etag?: string;
}

export interface Collection {
  /** Where it lies, for people: a folder's path or `s3://bucket/prefix/`. */
  name: string;
  /** The address that its paths stand below, where that is another than its name. */
  base?: string;
  /** In the order of their paths. */
  list(): AsyncIterable<Entry>;
  /** Its bytes from the start, at most `limit`; undefined where there is no such file. */
  read(path: string, limit?: number): Promise<Uint8Array | undefined>;
  /** Piece by piece, for files of any size; undefined where there is no such file. */
  stream(path: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  has(path: string): Promise<boolean>;
}

/** Files held in memory: an unpacked archive, or one label file that an event brought. */
export function memory(name: string, files: ReadonlyMap<string, Uint8Array>): Collection {
  return {
    name,
    async *list() {
      for (const path of [...files.keys()].toSorted(byPath))
        yield { path, size: files.get(path)!.byteLength };
    },
    read: async (path, limit) => files.get(path)?.subarray(0, limit),
    stream: async (path) => {
      const bytes = files.get(path);
      return bytes && pieces(bytes);
    },
    has: async (path) => files.has(path),
  };
}

/** Labels from one place, the files they are for from another: what `labels` has, it answers; all else lies in `files`. */
export function labelsFor(labels: Collection, files: Collection): Collection {
  return {
    name: labels.name,
    list: () => labels.list(),
    read: async (path, limit) => (await labels.read(path, limit)) ?? files.read(path, limit),
    stream: async (path) => (await labels.stream(path)) ?? files.stream(path),
    has: async (path) => (await labels.has(path)) || files.has(path),
  };
}

/** S3's own order, by code points of UTF-8, so that every collection lists alike. */
export const byPath = (a: string, b: string) =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
