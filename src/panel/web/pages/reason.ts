/** Why an address is banned: the lines that led to it, with what matters in them marked, the users tried, the failregex, the log and the domain. */
import { z } from 'zod';
import type { BanReason, MarkedLine } from '../../control/bans/ban-board';
import { HttpError } from '../error-page';
import { itemValue } from '../items';
import type { HtmlAnswer, PageRequest, PageWorld } from '../page';
import { get, type Route } from '../route';

const Query = z.object({ jail: z.string().min(1).max(255), id: z.string().min(1).max(255) });

export interface Piece {
  readonly text: string;
  /** `match`, `date`, `address`, `user`; null for text in between. */
  readonly what: string | null;
}

/** Cuts a line at its marks. Marks inside a wider one (an address in the match) win over it. */
export function piecesOf({ text, spans }: Pick<MarkedLine, 'text' | 'spans'>): readonly Piece[] {
  const what: (string | null)[] = Array.from({ length: text.length }, () => null);
  for (const span of [...spans].sort((a, b) => b.length - a.length)) {
    for (let at = Math.max(0, span.from); at < Math.min(text.length, span.from + span.length); at++) what[at] = span.what;
  }
  const pieces: Piece[] = [];
  for (let from = 0, at = 1; at <= text.length; at++) {
    if (at < text.length && what[at] === what[from]) continue;
    pieces.push({ text: text.slice(from, at), what: what[from] ?? null });
    from = at;
  }
  return pieces;
}

/** What the template shows of a reason. */
export function reasonData(reason: BanReason): object {
  return {
    ...reason,
    lines: reason.lines.map((line) => ({ ...line, pieces: piecesOf(line) })),
    item: itemValue(reason),
  };
}

export async function showReason(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const query = Query.safeParse(request.query.plain());
  if (!query.success) throw new HttpError(404, 'error.404');
  const reason = await world.board.reason(query.data.jail, query.data.id);
  return { kind: 'page', view: 'reason', title: 'reason.title', heading: query.data.id, data: { reason: reasonData(reason) } };
}

export const routes: readonly Route[] = [get('/bans/reason', 'reason', showReason)];
