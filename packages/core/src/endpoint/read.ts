import * as z from "zod";
import { db } from "../db.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { SluiceError } from "../error/error.ts";
import { Endpoint } from "./endpoint.ts";

export async function listEndpoints(): Promise<Endpoint[]> {
  const { data } = await db().entities.endpoint.query.all({}).go({ pages: "all" });
  return data.map((item) => Endpoint.parse(item));
}

export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().optional(),
});

export const pageEndpoints = fn(ListQuery, async (wanted) =>
  pageOf(db().entities.endpoint.query.all({}), wanted, (item) => Endpoint.parse(item)),
);

export async function getEndpoint(name: string): Promise<Endpoint> {
  const { data } = await db().entities.endpoint.get({ name }).go();
  if (!data)
    throw new SluiceError("ENDPOINT_UNKNOWN", `There is no record of an endpoint ${name}.`, {
      details: { name },
    });
  return Endpoint.parse(data);
}
