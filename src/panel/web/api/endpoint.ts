/** What an endpoint of the API is: a path with schemas for all that goes in and out, from which also the OpenAPI document is made. */
import type { z } from 'zod';
import type { Actor } from '../acts/actor';
import type { PageWorld } from '../page';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An endpoint as the router sees it: its schemas judge what comes in before `run` is called. */
export interface Endpoint {
  readonly method: Method;
  /** Below /api/v1, with `{name}` for parameters, as OpenAPI writes it. */
  readonly path: string;
  /** The group that it is listed in. */
  readonly tag: string;
  readonly summary: string;
  /** Changes something: a read-only token may not call it. */
  readonly writes: boolean;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Null where there is no body. */
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType;
  /** The status of a good answer. */
  readonly status: number;
  run(
    input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
    world: PageWorld,
    actor: Actor,
  ): Promise<unknown>;
}

export interface EndpointSpec<Params, Query, Body, Answer> {
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodType<Query>;
  readonly body: z.ZodType<Body> | null;
  readonly answer: z.ZodType<Answer>;
  readonly status?: number;
  /** A request that only asks, though by its size it has to be a POST. */
  readonly readsOnly?: boolean;
  readonly run: (
    input: { readonly params: Params; readonly query: Query; readonly body: Body },
    world: PageWorld,
    actor: Actor,
  ) => Promise<Answer>;
}

/** Makes an endpoint whose `run` knows the types that its schemas let through. */
export function endpoint<Params, Query, Body, Answer>(spec: EndpointSpec<Params, Query, Body, Answer>): Endpoint {
  return {
    ...spec,
    status: spec.status ?? 200,
    writes: spec.method !== 'get' && spec.readsOnly !== true,
    // The router hands in only what these very schemas have made.
    run: (input, world, actor) => spec.run(input as { params: Params; query: Query; body: Body }, world, actor),
  };
}
