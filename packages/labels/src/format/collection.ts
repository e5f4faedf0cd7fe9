// A set of files by path: a folder, a bucket prefix, or an unpacked archive.
export interface Entry {
  path: string;
  size: number;
  etag?: string;
}

export interface Collection {
  /** A folder's path or `s3://bucket/prefix/`, for messages. */
  name: string;
  /** The URL prefix of its paths. Default: the name. */
  base?: string;
  /** Sorted by path. */
  list(): AsyncIterable<Entry>;
  /** The first `limit` bytes, or all. `undefined` for a missing file. */
  read(path: string, limit?: number): Promise<Uint8Array | undefined>;
  /** For files of any size. `undefined` for a missing file. */
  stream(path: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  has(path: string): Promise<boolean>;
}

/** Files in memory, such as an unpacked archive. */
export function openMemory(name: string, files: ReadonlyMap<string, Uint8Array>): Collection {
  return {
    name,
    async *list() {
      for (const path of [...files.keys()].toSorted(byPath))
        yield { path, size: files.get(path)!.byteLength };
    },
    read: async (path, limit) => files.get(path)?.subarray(0, limit),
    stream: async (path) => {
      const bytes = files.get(path);
      return bytes && chunksOf(bytes);
    },
    has: async (path) => files.has(path),
  };
}

/** Reads from `labels` first, then from `files`. Lists `labels` only. */
export function overlay(labels: Collection, files: Collection): Collection {
  return {
    name: labels.name,
    list: () => labels.list(),
    read: async (path, limit) => (await labels.read(path, limit)) ?? files.read(path, limit),
    stream: async (path) => (await labels.stream(path)) ?? files.stream(path),
    has: async (path) => (await labels.has(path)) || files.has(path),
  };
}

/** S3's order: by UTF-8 bytes. All collections use it. */
export const byPath = (a: string, b: string) =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));

async function* chunksOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
