/**
 * A command of an action, with all tags filled in but those of a ticket, becomes what it does to the firewall; null when it is not exactly one of
 * the forms that are known here. Then it is run as it stands.
 */
import { ipSet } from './ip-set';
import { iptablesChain } from './iptables-chain';
import { nftPair } from './nft-pair';
import { nftSet } from './nft-set';
import type { Place, PlaceChange } from './place';

/** A ban as its command sees it. */
export interface Banned {
  readonly element: string;
  /** Seconds, −1 for ever; as `<bantime>` has it. */
  readonly bantime: number;
  /** Seconds since the epoch; null for never. */
  readonly end: number | null;
}

export interface Shape {
  readonly place: Place;
  /** The change that the command makes for a ban, at `now`. */
  change(banned: Banned, now: number): PlaceChange;
}

export type Purpose = 'ban' | 'unban' | 'prolong';
type Recogniser = (command: string, purpose: Purpose) => Shape | null;

/** Reads a command. Places with the same key are one and the same object: `known` remembers them. */
export function shapeOf(command: string, purpose: Purpose, known: Map<string, Place>): Shape | null {
  for (const recognise of RECOGNISERS) {
    const shape = recognise(command.trim(), purpose);
    if (shape === null) continue;
    const place = known.get(shape.place.key) ?? shape.place;
    known.set(place.key, place);
    return { ...shape, place };
  }
  return null;
}

const FOLDER = String.raw`(?:/(?:usr/)?(?:local/)?s?bin/)?`;
const NAME = String.raw`[A-Za-z0-9_][A-Za-z0-9_.@-]*`;
const FAMILY = '(?:ip|ip6|inet|arp|bridge|netdev)';
/** A word that a shell, and `iptables-restore`, takes as it stands. */
const WORD = String.raw`[A-Za-z0-9_./:@%+=,-]+`;
const SECONDS = String.raw`\d+|<bantime>|\$\(\[ "<bantime>" -le \d+ \] && echo "<bantime>" \|\| echo \d+\)`;

const pattern = (text: string): RegExp => new RegExp(`^${text}$`);
const NFT = pattern(
  String.raw`(${FOLDER}nft) (add|delete) element (${FAMILY} ${NAME}) @?(${NAME}) (?:\\\{ <ip> \\\}|'\{ <ip> \}'|"\{ <ip> \}")`,
);
const IPTABLES = pattern(
  String.raw`(${FOLDER}ip6?tables(?:-nft|-legacy)?)((?: (?:-w|--wait)(?: \d+)?)?)(?: -t (${NAME}))? (-I|-A|-D) (${NAME})(?: 1)? -s <ip>((?: ${WORD})+)`,
);
const IPSET = pattern(String.raw`(${FOLDER}ipset) (?:-exist|-!) (add|del) (${NAME}) <ip>(?: timeout (${SECONDS}))?`);
const IPSET_UNLESS = pattern(String.raw`(${FOLDER}ipset) --test (${NAME}) <ip> \|\| +ipset --add (${NAME}) <ip>`);
const OURS = new RegExp(String.raw`^: bulk (nft|ipset) ((?:${WORD} )*${WORD})\n`);

const nft: Recogniser = (command, purpose) => {
  const [, program = '', verb, table = '', set = ''] = NFT.exec(command) ?? [];
  if (verb !== { ban: 'add', unban: 'delete', prolong: '' }[purpose]) return null;
  const wanted = purpose === 'ban' ? 'add' : 'remove';
  return { place: nftSet(program, table, set), change: ({ element, end }) => ({ verb: wanted, element, text: element, end }) };
};

const iptables: Recogniser = (command, purpose) => {
  const [, program = '', wait = '', table = 'filter', verb, chain = '', rest = ''] = IPTABLES.exec(command) ?? [];
  if (verb === undefined || purpose === 'prolong' || (verb === '-D') !== (purpose === 'unban')) return null;
  const first = verb === '-I' && / 1 -s <ip>/.test(command) ? ' 1' : '';
  const place = iptablesChain({ program, wait: wait.trim() === '' ? [] : wait.trim().split(' '), table, chain, rest });
  const wanted = purpose === 'ban' ? 'add' : 'remove';
  return { place, change: ({ element, end }) => ({ verb: wanted, element, text: `${verb} ${chain}${first} -s ${element}${rest}`, end }) };
};

const ipset: Recogniser = (command, purpose) => {
  const [, program = '', verb, set = '', seconds] = IPSET.exec(command) ?? [];
  // To add again is to set the time anew.
  if (verb === undefined || (verb === 'del') !== (purpose === 'unban')) return null;
  const wanted = purpose === 'ban' ? 'add' : purpose === 'unban' ? 'remove' : 'renew';
  const place = ipSet(program, set, seconds !== undefined && seconds !== '0');
  const time = (bantime: number): string => (seconds === undefined ? '' : ` timeout ${secondsText(seconds, bantime)}`);
  return {
    place,
    change: ({ element, bantime, end }) => ({ verb: wanted, element, text: `${verb} ${set} ${element}${time(bantime)}`, end }),
  };
};

/** A set that is asked before: to add what is there is no error then either. */
const ipsetUnless: Recogniser = (command, purpose) => {
  const [, program = '', set = '', other] = IPSET_UNLESS.exec(command) ?? [];
  if (purpose !== 'ban' || set === '' || set !== other) return null;
  return {
    place: ipSet(program, set, false),
    change: ({ element, end }) => ({ verb: 'add', element, text: `add ${set} ${element}`, end }),
  };
};

/** The words behind `: bulk` say what the script below them does, which works as well where they mean nothing. */
const ours: Recogniser = (command, purpose) => {
  const [, tool, text = ''] = OURS.exec(command) ?? [];
  const [program = '', ...words] = text.split(' ');
  const verb = purpose === 'ban' ? 'add' : purpose === 'unban' ? 'remove' : 'renew';
  if (tool === 'nft' && words.length === 4) {
    const [family, table, addresses = '', ranges = ''] = words;
    const place = nftPair({ program, table: `${family} ${table}`, addresses, ranges });
    return { place, change: ({ element, end }) => ({ verb, element, text: element, end }) };
  }
  if (tool !== 'ipset' || words.length !== 1) return null;
  const [set = ''] = words;
  const line = (element: string, left: number): string =>
    verb === 'remove' ? `del ${set} ${element}` : `add ${set} ${element} timeout ${left}`;
  return {
    place: { ...ipSet(program, set, true), keeps: true },
    change: ({ element, end }, now) => ({ verb, element, text: line(element, secondsLeft(end, now)), end }),
  };
};

const RECOGNISERS: readonly Recogniser[] = [nft, iptables, ipset, ipsetUnless, ours];

/** What ipset can count to; a longer ban is for ever there, and the server ends it. */
const LONGEST = 2147483;

function secondsLeft(end: number | null, now: number): number {
  const left = end === null ? 0 : Math.max(1, Math.ceil(end - now));
  return left > LONGEST ? 0 : left;
}

/** The seconds that a command writes: a number, the ban's, or the ban's when they are not more than a limit and else another number. */
function secondsText(seconds: string, bantime: number): string {
  const length = String(Math.trunc(bantime));
  if (/^\d+$/.test(seconds)) return seconds;
  const [, limit, instead] = / -le (\d+) .* echo (\d+)\)$/.exec(seconds) ?? [];
  return limit === undefined || Number(length) <= Number(limit) ? length : (instead ?? length);
}
