/** Endpoints of bans: listed, explained, made, lifted, prolonged; and of one address with its notes. */
import { z } from 'zod';
import { banByHand, prolongItems, unbanItems } from '../acts/bans';
import { addNote, removeNote } from '../acts/notes';
import { endpoint } from './endpoint';
import { ApiError } from './problem';
import { Duration, Id, ItemResults, Limit, Name, Note, Nothing, Place, Time } from './schemas';

const Manual = z.object({ who: z.string(), reason: z.string(), until: Time.nullable() }).nullable();

const BanRow = z.object({
  jail: z.string(),
  id: z.string(),
  time: Time,
  bantime: z.number().meta({ description: 'Seconds; −1 is for ever' }),
  end: Time.nullable(),
  place: Place,
  failures: z.number().nullable(),
  timesBanned: z.number().nullable(),
  manual: Manual,
});

const BanList = z.object({ rows: z.array(BanRow), total: z.number(), page: z.number(), pages: z.number() });

const BanQuery = z.object({
  search: z.string().max(200).default('').meta({ description: 'Address, range, jail, country, user:NAME, or text of the matched lines' }),
  jail: Name.optional(),
  country: z.string().length(2).optional(),
  sort: z.enum(['address', 'jail', 'country', 'since', 'left', 'failures', 'times']).default('since'),
  order: z.enum(['ascending', 'descending']).default('descending'),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  limit: Limit,
});

const Reason = z.object({
  jail: z.string(),
  id: z.string(),
  time: Time.nullable(),
  lines: z.array(
    z.object({
      text: z.string(),
      spans: z.array(z.object({ from: z.number(), length: z.number(), what: z.enum(['match', 'date', 'address', 'user']) })),
      failregex: z.string().nullable(),
      user: z.string().nullable(),
    }),
  ),
  users: z.array(z.string()),
  failregexes: z.array(z.string()),
  files: z.array(z.string()),
  domain: z.string().nullable(),
  failures: z.number().nullable(),
  manual: Manual,
});

const Items = z
  .array(z.object({ jail: Name.nullable(), id: Id }))
  .min(1)
  .max(10_000);

const Summary = z.object({
  id: z.string(),
  firstSeen: Time.nullable(),
  lastSeen: Time.nullable(),
  failures: z.number(),
  bans: z.number(),
  unbans: z.number(),
  jails: z.array(z.object({ jail: z.string(), failures: z.number(), bans: z.number(), unbans: z.number(), last: Time })),
  place: Place,
  notes: z.array(z.object({ id: z.number(), address: z.string(), time: Time, who: z.string(), text: z.string() })),
});

/** Readonly lists of the rooms below become plain ones of the schemas. */
function plain<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export const endpoints = [
  endpoint({
    method: 'get',
    path: '/bans',
    tag: 'bans',
    summary: 'Bans in force, searched and sorted, page by page',
    params: Nothing,
    query: BanQuery,
    body: null,
    answer: BanList,
    run: async ({ query: { jail = null, country = null, order, limit, ...query } }, world) => {
      const { rows, total, page, pages } = await world.board.list({
        ...query,
        jail,
        country,
        descending: order === 'descending',
        pageSize: limit,
      });
      return { rows: rows.map((row) => plain<z.infer<typeof BanRow>>(row)), total, page, pages };
    },
  }),
  endpoint({
    method: 'get',
    path: '/bans/reason',
    tag: 'bans',
    summary: 'Why an address is banned: the matched lines with their marks, users, failregexes, log and domain',
    params: Nothing,
    query: z.object({ jail: Name, id: Id }),
    body: null,
    answer: Reason,
    run: async ({ query }, world) => plain<z.infer<typeof Reason>>(await world.board.reason(query.jail, query.id)),
  }),
  endpoint({
    method: 'post',
    path: '/bans',
    tag: 'bans',
    summary: 'Ban addresses or ranges by hand',
    params: Nothing,
    query: Nothing,
    body: z.object({
      ids: z.array(Id).min(1).max(10_000),
      jail: Name.nullable().default(null).meta({ description: 'null bans from all services' }),
      duration: Duration.nullable().default(null).meta({ description: 'Seconds; null is the jail’s own, −1 for ever' }),
      reason: Note.default(''),
    }),
    answer: z.object({ results: ItemResults }),
    run: async ({ body }, world, actor) => {
      const { jail } = body;
      if (jail !== null && !(await world.control.jails()).includes(jail)) throw new ApiError(404, `There is no jail '${jail}'.`);
      return { results: [...(await banByHand(world, actor, body))] };
    },
  }),
  endpoint({
    method: 'post',
    path: '/bans/unban',
    tag: 'bans',
    summary: 'Lift bans; a null jail lifts an address’s bans in all jails',
    params: Nothing,
    query: Nothing,
    body: z.object({ items: Items }),
    answer: z.object({ results: ItemResults }),
    run: async ({ body }, world, actor) => ({ results: [...(await unbanItems(world, actor, body.items))] }),
  }),
  endpoint({
    method: 'post',
    path: '/bans/prolong',
    tag: 'bans',
    summary: 'Give bans another end',
    params: Nothing,
    query: Nothing,
    body: z.object({
      items: z
        .array(z.object({ jail: Name, id: Id }))
        .min(1)
        .max(10_000),
      duration: Duration.meta({ description: 'Seconds from now; −1 for ever' }),
    }),
    answer: z.object({ results: ItemResults }),
    run: async ({ body }, world, actor) => ({ results: [...(await prolongItems(world, actor, body.items, body.duration))] }),
  }),
  endpoint({
    method: 'get',
    path: '/addresses/{id}',
    tag: 'bans',
    summary: 'What is known of one address',
    params: z.object({ id: Id }),
    query: Nothing,
    body: null,
    answer: Summary,
    run: async ({ params: { id } }, world) => {
      const [summary, notes] = await Promise.all([world.history.address(id), world.notebook.notes(id)]);
      return plain<z.infer<typeof Summary>>({ ...summary, place: world.geo.locate(id), notes });
    },
  }),
  endpoint({
    method: 'post',
    path: '/addresses/{id}/notes',
    tag: 'bans',
    summary: 'Add a note to an address',
    params: z.object({ id: Id }),
    query: Nothing,
    body: z.object({ text: z.string().trim().min(1).max(1000) }),
    answer: z.object({ id: z.number() }),
    status: 201,
    run: async ({ params, body }, world, actor) => ({ id: await addNote(world, actor, params.id, body.text) }),
  }),
  endpoint({
    method: 'delete',
    path: '/addresses/{id}/notes/{note}',
    tag: 'bans',
    summary: 'Remove a note',
    params: z.object({ id: Id, note: z.coerce.number().int() }),
    query: Nothing,
    body: null,
    answer: Nothing,
    run: async ({ params }, world, actor) => {
      if (!(await removeNote(world, actor, params.id, params.note))) throw new ApiError(404, 'The address has no such note.');
      return {};
    },
  }),
];
