// Rounds of a dataset: each message may begin one. The record's `round` is the lock.
import { db } from "../../db.ts";
import { SluiceError } from "../../error/error.ts";
import { log } from "../../log.ts";
import type { DatasetItem } from "../dataset.entity.ts";
import { type PrepareMessage, sendPrepareMessage } from "./message.ts";

/** Files overwritten during a round need another. More rounds than these indicate an error. */
const maxRounds = 6;
/** A round without progress for so long begins again: a message was lost, or a function died. */
const checkSeconds = 600;

/** Begins the next round if the message asks for it. Returns the record, or `undefined` if there is nothing to do. */
export async function beginRound(
  message: PrepareMessage,
  { receives, now }: { receives: number; now: number },
): Promise<DatasetItem | undefined> {
  const { data: record } = await db().entities.dataset.get({ id: message.dataset }).go({ consistent: true });
  if (record?.status !== "preparing" || !(await isDue(message, record, receives))) return undefined;
  const { round, chunksDone = 0, chunks = 0 } = record;
  if (round >= maxRounds)
    throw new SluiceError(
      "DATASET_INSPECTION_FAILED",
      `After ${round} rounds, ${chunksDone} of ${chunks} chunks of files were inspected.`,
    );
  return claimRound(record, now);
}

/** A second receive means that the first receiver failed or died: it continues in any round. */
async function isDue(message: PrepareMessage, record: DatasetItem, receives: number): Promise<boolean> {
  const { id, round, chunksDone: done = 0, chunks } = record;
  switch (message.type) {
    case "start":
      return receives > 1 || round === 0;
    case "inspected":
      return receives > 1 || round === message.round;
    case "check":
      if (message.round !== round) return false;
      if (message.done !== done) {
        await sendCheck(id, round, done);
        return false;
      }
      log().warn("A round without progress begins again", { dataset: id, round, done, of: chunks });
      return true;
  }
}

async function claimRound({ id, round }: DatasetItem, now: number): Promise<DatasetItem | undefined> {
  const { data } = await db()
    .entities.dataset.update({ id })
    .set({
      round: round + 1,
      step: "listing",
      chunksDone: 0,
      filesDone: 0,
      changedAt: new Date(now).toISOString(),
    })
    .remove(["chunks", "files"])
    .where((is, { eq }) => `${eq(is.round, round)} AND ${eq(is.status, "preparing")}`)
    .go({ response: "all_new" })
    .catch((error: unknown) => {
      if (/conditional request failed/i.test((error as Error).message)) return { data: undefined };
      throw error;
    });
  return data as DatasetItem | undefined;
}

/** The last chunk sends the next message. All may be done before their number is stored: then this call sends it. */
export async function awaitInspection(
  { id, round }: DatasetItem,
  sent: { chunks: number; files: number },
  now: number,
): Promise<void> {
  const { data } = await db()
    .entities.dataset.update({ id })
    .set({ ...sent, step: "inspecting", changedAt: new Date(now).toISOString() })
    .where((is, { eq }) => eq(is.round, round))
    .go({ response: "all_new" });
  const { chunksDone = 0, chunks = 0 } = data as DatasetItem;
  if (chunksDone >= chunks) await sendPrepareMessage({ type: "inspected", dataset: id, round });
  else await sendCheck(id, round, chunksDone);
}

const sendCheck = (dataset: string, round: number, done: number) =>
  sendPrepareMessage({ type: "check", dataset, round, done }, checkSeconds);
