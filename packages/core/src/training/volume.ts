/** For the image, the model and its checkpoints, unpacked and packed. */
const WORK_GB = 20;
const LEAST_GB = 30;
/** SageMaker's limit. */
const MOST_GB = 16_384;
const BYTES_A_GB = 2 ** 30;
/** Percent: a file occupies whole blocks on disk. */
const BLOCK_OVERHEAD = 110;

/** The disk size of a job with this many bytes of input files. */
export const volumeFor = (bytes: number): number =>
  Math.min(MOST_GB, Math.max(LEAST_GB, WORK_GB + Math.ceil((bytes * BLOCK_OVERHEAD) / 100 / BYTES_A_GB)));
