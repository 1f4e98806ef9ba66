/** `banned`, `ban`, `unban`: who is banned, and bans by hand, as the pages make them. */
import { AppError } from '../../base/errors';
import { canonicalId } from '../../model/address';
import type { BannedAddress } from '../../model/status';
import { endOfBan } from '../../model/ticket';
import type { ItemResult } from '../../panel/control/bans/ban-desk';
import { bansBefore, bansSince } from '../../panel/control/handle/earlier-bans';
import type { BannedItem } from '../../panel/control/handle/held-edit';
import { banByHand, unbanItems } from '../../panel/web/acts/bans';
import { CONFIRM, confirmed, withBack } from './confirm';
import { type BanItem, banItems, itemAnswer, noWords, quoted, secondsOf, wrong } from './items';
import { printable } from '../../base/steering';
import { formatTable, moment } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

/** Items between two words of progress. */
const AT_ONCE = 200;
const BAN_FORM = 'IP,JAIL[;IP,JAIL…], or JAIL IP…';
const UNBAN_FORM = 'IP[,JAIL][;IP[,JAIL]…], or JAIL IP…';

function timeLeft(ban: BannedAddress, now: number): string {
  if (ban.bantime === -1) return 'permanent';
  const left = Math.max(0, Math.round(endOfBan(ban) - now));
  if (left < 60) return `${left} s`;
  if (left < 3600) return `${Math.floor(left / 60)} min`;
  return left < 86400 ? `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min` : `${Math.floor(left / 86400)} d`;
}

async function banned({ dashed, words, options }: Call, { control, clock }: CliWorld): Promise<Answer> {
  noWords('banned', words);
  const jail = options.text('jail');
  const bans = jail === null ? await control.banned() : await control.bannedIn(await running(control, jail));
  if (dashed) return { text: bans.map(({ id, jail: of }) => `${printable(id)} ${printable(of)}\n`).join(''), json: bans };
  const rows = bans.map((ban) => [ban.id, ban.jail, moment(ban.time), timeLeft(ban, clock.now())]);
  const text = bans.length === 0 ? 'Nobody is banned.\n' : formatTable([['ADDRESS', 'JAIL', 'BANNED SINCE', 'TIME LEFT'], ...rows]);
  return { text, json: bans };
}

/** The name of a jail that runs. @throws AppError SERVER_REFUSED when it does not */
export async function running(control: CliWorld['control'], jail: string): Promise<string> {
  const jails = await control.jails();
  if (jails.includes(jail)) return jail;
  throw new AppError('SERVER_REFUSED', `there is no jail ${quoted(jail)} that runs; these do: ${jails.join(', ') || 'none'}`);
}

interface Portion {
  readonly jail: string | null;
  readonly ids: readonly string[];
}

/** Items jail by jail, so many at once that progress can be told. */
function portions(items: readonly BanItem[]): readonly Portion[] {
  return [...new Set(items.map(({ jail }) => jail))].flatMap((jail) => {
    const ids = [...new Set(items.filter((item) => item.jail === jail).map(({ id }) => id))];
    const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_none, at) => ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
    return parts.map((part) => ({ jail, ids: part }));
  });
}

/** Treats items portion by portion until all are done or somebody interrupts, with what came of each and what was left undone. */
async function treated(
  { progress, guard }: CliWorld,
  items: readonly BanItem[],
  doing: string,
  treat: (portion: Portion) => Promise<readonly ItemResult[]>,
  done: (item: ItemResult) => string,
): Promise<Answer> {
  const results: ItemResult[] = [];
  await progress.during(
    () => `${doing}: ${results.length} of ${items.length}`,
    async () => {
      for (const portion of portions(items)) {
        if (guard.interrupted) break;
        results.push(...(await guard.during(() => treat(portion))));
      }
    },
  );
  const answer = itemAnswer(results, done);
  if (!guard.interrupted) return answer;
  const left = `interrupted: ${Math.max(0, items.length - results.length)} of ${items.length} were left as they are`;
  return { ...answer, failures: [...(answer.failures ?? []), left] };
}

interface Banning {
  readonly answer: Answer;
  readonly made: readonly BannedItem[];
}

async function ban({ words, options }: Call, world: CliWorld): Promise<Answer> {
  const items = banItems(words, BAN_FORM);
  const everywhere = options.has('all-services');
  const homeless = items.find(({ jail }) => jail === null);
  if (homeless !== undefined && !everywhere) throw wrong(`name the jail of ${homeless.id}: ${BAN_FORM}; or give --all-services`);
  if (homeless === undefined && everywhere) throw wrong('--all-services is for addresses without a jail');
  const time = options.text('time');
  const duration = time === null ? null : secondsOf('--time', time, { forever: true });
  for (const jail of new Set(items.map((item) => item.jail))) if (jail !== null) await running(world.control, jail);
  const rooms = await world.working();
  const reason = options.text('reason') ?? '';
  const treat = (portion: Portion): Promise<readonly ItemResult[]> => banByHand(rooms, world.actor, { ...portion, duration, reason });
  const planned = options.has(CONFIRM.name) ? await bansBefore(world.control, rooms.notebook, items) : [];
  const make = async (): Promise<Banning> => {
    const answer = await treated(world, items, 'banning', treat, ({ id, jail }) => `${id} is banned in ${jail}.`);
    return { answer, made: planned.length === 0 ? [] : await bansSince(world.control, planned) };
  };
  const what = `bans.ban ${items.map(({ id }) => id).join(' ')}`.slice(0, 200);
  const { done, back } = await confirmed(world, options, { what, planned, bansOf: ({ made }) => made }, make);
  return withBack(done.answer, back);
}

async function unban({ words }: Call, world: CliWorld): Promise<Answer> {
  const items = banItems(words, UNBAN_FORM).map(({ id, jail }) => ({ id: canonicalId(id), jail }));
  for (const jail of new Set(items.map((item) => item.jail))) if (jail !== null) await running(world.control, jail);
  const rooms = await world.working();
  const treat = ({ jail, ids }: Portion): Promise<readonly ItemResult[]> =>
    unbanItems(
      rooms,
      world.actor,
      ids.map((id) => ({ id, jail })),
    );
  const free = ({ id, jail }: ItemResult): string => (jail === '' ? `${id} is banned no longer.` : `${id} is banned in ${jail} no longer.`);
  return treated(world, items, 'lifting bans', treat, free);
}

export const banVerbs: readonly Verb[] = [
  {
    name: 'banned',
    letter: 'b',
    operands: '',
    summary: 'all addresses that are banned now; --banned: `IP JAIL` in each line',
    options: [{ name: 'jail', value: 'JAIL', meaning: 'only those of one jail' }],
    run: banned,
  },
  {
    name: 'ban',
    operands: BAN_FORM,
    summary: 'ban addresses or ranges by hand',
    options: [
      { name: 'time', value: 'TIME', meaning: "how long: seconds, 10m, 2h, 7d, or -1 for ever (default: the jail's own time)" },
      { name: 'reason', value: 'TEXT', meaning: 'why; kept with the ban' },
      { name: 'all-services', value: null, meaning: 'in the jail that bans from all services: then no jail is named' },
      CONFIRM,
    ],
    run: ban,
  },
  { name: 'unban', operands: UNBAN_FORM, summary: 'lift bans, in all jails when none is named', options: [], run: unban },
];
