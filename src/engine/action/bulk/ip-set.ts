/** One set of ipset: an entry for each ban, given to `ipset -exist restore`. */
import { canonicalId } from '../../../model/address';
import { FORGETFUL, type Place, type PlaceChange } from './place';

export function ipSet(program: string, set: string, timed: boolean): Place {
  return {
    ...FORGETFUL,
    key: `ipset ${set}`,
    tool: 'ipset',
    program,
    within: set,
    most: 5000,
    doubles: false,
    timed,
    run: (changes) => ({ command: program, args: ['-exist', 'restore'], stdin: changes.map(({ text }) => `${text}\n`).join('') }),
    listings: [{ command: program, args: ['save', set] }],
    members: ([output = ''], now) => setMembers(output, set, now),
    removal: (element): PlaceChange => ({ verb: 'remove', element, text: `del ${set} ${element}`, end: null }),
  };
}

/** The entries of `ipset save`; a timeout of 0 is none. */
function setMembers(output: string, set: string, now: number): ReadonlyMap<string, number | null> {
  const members = new Map<string, number | null>();
  for (const line of output.split('\n')) {
    const [verb, name, element = '', word, seconds] = line.split(' ');
    if (verb !== 'add' || name !== set) continue;
    members.set(canonicalId(element), word === 'timeout' && Number(seconds) > 0 ? now + Number(seconds) : null);
  }
  return members;
}
