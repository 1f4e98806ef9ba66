/** One nftables set, as the stock actions use it: an element for each ban, taken out when the ban ends. */
import { elementStatements, listedElements } from './nft-elements';
import { FORGETFUL, type Place, type PlaceChange } from './place';

/**
 * @param program `nft`, with a folder or without
 * @param table family and name, as in `inet f2b-table`
 */
export function nftSet(program: string, table: string, set: string): Place {
  const where = `${table} ${set}`;
  return {
    ...FORGETFUL,
    key: `nft ${where}`,
    tool: 'nft',
    program,
    within: table,
    most: 8000,
    doubles: false,
    timed: false,
    run: (changes) => {
      const of = (verb: 'add' | 'remove'): string[] =>
        changes.filter((change) => (change.verb === 'remove') === (verb === 'remove')).map(({ text }) => text);
      const stdin = elementStatements('delete', where, of('remove')) + elementStatements('add', where, of('add'));
      return { command: program, args: ['-f', '-'], stdin };
    },
    listings: [{ command: program, args: ['-j', 'list', 'set', ...table.split(' '), set] }],
    members: ([output = ''], now) => listedElements(output, now),
    removal: (element): PlaceChange => ({ verb: 'remove', element, text: element, end: null }),
  };
}
