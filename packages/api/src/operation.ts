// What every route of the document shares: the token it needs, and the problems it may answer with.
import { createRoute, type RouteConfig, z } from "@hono/zod-openapi";
import { codes } from "@sluice/core/error/codes.ts";
import type { Scope } from "@sluice/core/token/token.ts";
import { allow } from "./auth.ts";
import { Problem } from "./problem.schema.ts";

const problemOf = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

const COMMON = {
  400: problemOf("The request is wrong; `issues` names each field."),
  401: problemOf(codes.TOKEN_MISSING.hint),
  403: problemOf("The token lacks the scope this needs."),
  404: problemOf("What was asked for does not exist."),
  503: problemOf("Something this depends on is not available; try again after `Retry-After` seconds."),
};

export const Id = z
  .string()
  .regex(/^[\w-]{1,80}$/, "is no prediction id")
  .openapi({ param: { name: "id", in: "path" } });
export const ModelName = z
  .string()
  .max(60)
  .openapi({ param: { name: "model", in: "path" }, example: "vehicles" });

/** A route behind a token with `scope`. */
export function operation<const R extends RouteConfig>(scope: Scope, route: R) {
  return createRoute({
    ...route,
    security: [{ bearer: [scope] }],
    middleware: allow(scope),
    responses: { ...COMMON, ...route.responses },
  });
}

/** A 200 with JSON. */
export function ok<S extends z.ZodType>(schema: S, description: string) {
  return { 200: { description, content: { "application/json": { schema } } } } as const;
}

/** A 200 with one page of a list. */
export const page = <S extends z.ZodType>(item: S) =>
  ok(z.object({ items: z.array(item), cursor: z.string().optional() }), "One page.");

/** A 201 with JSON. */
export const created = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 201: { description, content: { "application/json": { schema } } } }) as const;

/** A 202 with JSON. */
export const accepted = <S extends z.ZodType>(schema: S, description: string) =>
  ({ 202: { description, content: { "application/json": { schema } } } }) as const;

/** The JSON that a request must carry. */
export const json = <S extends z.ZodType>(schema: S) =>
  ({ body: { required: true, content: { "application/json": { schema } } } }) as const;

/** Answers as `ok` for one thing that carries an ETag. */
export const notModified = { 304: { description: "The client has it already (If-None-Match)." } } as const;
