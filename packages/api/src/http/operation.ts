// Parts of the OpenAPI document that the routes share.
import "@sluice/models/plain-messages.ts";
import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import { codes } from "@sluice/core/error/codes.ts";
import type { Scope } from "@sluice/core/token/token.ts";
import { allow } from "./auth.ts";
import { revalidate } from "./etag.ts";
import { Problem } from "./problem.schema.ts";

const problemResponse = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

const PROBLEMS = {
  400: problemResponse("The request is invalid. `issues` lists the fields."),
  401: problemResponse(codes.TOKEN_MISSING.hint),
  403: problemResponse("The token lacks the required scope."),
  404: problemResponse("The requested resource does not exist."),
  500: problemResponse("An internal error. `requestId` finds it in the log of the function."),
  503: problemResponse("A dependency is not available. Try again after `Retry-After` seconds."),
};

export const Id = z
  .string()
  .regex(/^[\w-]{1,80}$/, "is not a prediction id")
  .openapi({ param: { name: "id", in: "path" } });
export const ModelName = z
  .string()
  .max(60)
  .openapi({ param: { name: "model", in: "path" }, example: "vehicles" });

/** The description of every list that filters: a page may be empty before the end. */
export const PAGE_HINT = "A page may be short or empty. Follow the cursor until the response has none.";

/** Every code of a conflict, so that the document is complete whatever a route calls. */
const conflicts = Object.entries(codes)
  .filter(([, { category }]) => category === "conflict")
  .map(([code]) => code);
const CHANGE_PROBLEMS = {
  409: problemResponse(`The state of the resource does not allow it: ${conflicts.join(", ")}.`),
};
const BODY_PROBLEMS = {
  413: problemResponse("The body is too large."),
  415: problemResponse("The body has another content type than the route."),
};

/** Declares routes with this tag that need a token with `scope`. A route with a 304 response has an ETag. */
export const operations =
  (tag: string) =>
  <
    const Method extends RouteConfig["method"],
    const Path extends string,
    const R extends Omit<RouteConfig, "method" | "path">,
  >(
    scope: Scope,
    method: Method,
    path: Path,
    route: R,
  ) =>
    createRoute({
      ...route,
      method,
      path,
      tags: [tag],
      security: [{ bearer: [scope] }],
      middleware: 304 in route.responses ? [allow(scope), revalidate] : allow(scope),
      responses: {
        ...PROBLEMS,
        ...CHANGE_PROBLEMS,
        ...(route.request?.body && BODY_PROBLEMS),
        ...route.responses,
      },
    });

const jsonContent = <S extends z.ZodType>(schema: S) => ({ "application/json": { schema } });

export const ok = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 200: { description, content: jsonContent(schema) } }) as const;

export const okWithEtag = <S extends z.ZodType>(schema: S, description: string) =>
  ({
    ...ok(schema, description),
    304: { description: "Not modified (If-None-Match)." },
  }) as const;

export const okPage = <S extends z.ZodType>(item: S) =>
  ok(z.object({ items: z.array(item), cursor: z.string().optional() }), "One page.");

export const created = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 201: { description, content: jsonContent(schema) } }) as const;

export const accepted = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 202: { description, content: jsonContent(schema) } }) as const;

/** A required JSON request body. */
export const json = <S extends z.ZodType>(schema: S) =>
  ({ body: { required: true, content: jsonContent(schema) } }) as const;
