/** For the image's files, a model and its checkpoints, unpacked and packed. */
const WORK_GB = 20;
const LEAST_GB = 30;
/** What SageMaker attaches at most. */
const MOST_GB = 16_384;
const BYTES_A_GB = 2 ** 30;
/** Percent: a file takes whole blocks on a disk. */
const BLOCKS = 110;

/** The disk of a job that gets so many bytes of files. */
export const volumeFor = (bytes: number): number =>
  Math.min(MOST_GB, Math.max(LEAST_GB, WORK_GB + Math.ceil((bytes * BLOCKS) / 100 / BYTES_A_GB)));
