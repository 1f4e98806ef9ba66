/** Values of a ticket in a script: as arguments when they could mean something to a shell, bounded, and never searched for tags. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { systemClock } from '../../../src/base/clock';
import { systemRunner } from '../../../src/base/process';
import { fillScript, type Script } from '../../../src/engine/action/dynamic-tags';
import { ticketValues, type TicketLookups } from '../../../src/engine/action/ticket-values';
import { JAIL } from '../../support/actions';
import { temporaryFolder } from '../../support/folder';
import { banTicket } from '../../support/tickets';
import type { BanTicket } from '../../../src/model/ticket';

const runner = systemRunner(systemClock);
const nothing: TicketLookups = { mergedBans: () => Promise.resolve(null), hostName: () => Promise.resolve(null) };
const fill = (command: string, ticket: BanTicket, lookups = nothing): Promise<Script> =>
  fillScript(command, ticketValues(ticket, JAIL, lookups));
const text = async (command: string, ticket: BanTicket, lookups = nothing): Promise<string> => (await fill(command, ticket, lookups)).text;
const shell = async (script: Script): Promise<string> =>
  (await runner.run({ command: '/bin/sh', args: ['-c', script.text, ...script.args], timeout: 10, maxOutput: 1_000_000 })).stdout;

describe('values', () => {
  const ticket = banTicket('192.0.2.1', {
    time: 1795340356,
    bantime: -1,
    bancount: 3,
    data: {
      failures: 7,
      matches: ['one', ['two ', 'date', ' end']],
      captured: { user: 'root', fport: '22', fid: 'x-1', users: ['a', 'b'] },
    },
  });

  it.each([
    ['<ip> <fid> <family>', '192.0.2.1 192.0.2.1 inet4'],
    ['<ip-rev>example.org', '1.2.0.192.example.org'],
    ['<failures> <bantime> <bancount> <restored>', '7 -1 3 0'],
    ['<time>', '1795340356.0'],
    ['<F-USER> <F-PORT> <F-ID> <F-USERS> [<F-NONE>]', 'root 22 x-1 a, b []'],
    ['<jail.name> <jail.banned> <jail.banned_total> <jail.found> <jail.found_total>', 'j1 2 12 3 13'],
    ['<ip-host> <unknown> <F-lower> <constructor>', 'None <unknown> <F-lower> <constructor>'],
    ['<ipfailures> <ipjailfailures>', '7 7'],
  ])('%s becomes %s', async (command, expected) => {
    expect(await text(command, ticket)).toBe(expected);
  });

  it('are right for restored bans: the count that was stored, a whole second', async () => {
    expect(await text('<bancount> <restored> <time>', { ...ticket, restored: true })).toBe('3 1 1795340356');
    expect(await text('<time>', { ...ticket, time: 1795340356.25 })).toBe('1795340356.25');
  });

  it('take the captured address for the id, and know raw ids', async () => {
    const named = banTicket('somebody', { data: { captured: { ip: '2001:db8::1' } } });
    expect(await text('<ip> <family> <fid>', named)).toBe('2001:db8::1 inet6 somebody');
    expect(await text('<ip> <family>', banTicket('somebody'))).toBe('somebody None');
  });

  it('speak for the ticket alone while the store knows nothing of its id', async () => {
    const empty = { ...nothing, mergedBans: () => Promise.resolve({ matches: [], failures: 0 }) };
    expect(await text('<ipfailures>', ticket, empty)).toBe('7');
    expect(await shell(await fill('echo "<ipmatches>"', ticket, empty))).toBe('one\ntwo date end\n');
  });

  it('reverse addresses and ranges', async () => {
    const six = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.';
    expect(await text('<ip-rev>', banTicket('2001:db8::1'))).toBe(six);
    expect(await text('<ip-rev>', banTicket('192.0.2.0/24'))).toBe('2.0.192.');
    expect(await text('<ip-rev>', banTicket('2001:db8::/32'))).toBe('8.b.d.0.1.0.0.2.');
    expect(await text('<ip-rev> <family>', banTicket('192.0.2.0/33'))).toBe('192.0.2.0/33 None');
  });

  it('ask the store and the resolver only when a command wants them, once', async () => {
    const asked: string[] = [];
    const lookups: TicketLookups = {
      mergedBans(id, jail) {
        asked.push(`${id} ${jail}`);
        return Promise.resolve({ matches: ['old', 'new'], failures: 9 });
      },
      hostName(address) {
        asked.push(address);
        return Promise.resolve('evil.example.org');
      },
    };
    expect(await text('<ip>', ticket, lookups)).toBe('192.0.2.1');
    expect(asked).toEqual([]);
    expect(await text('<ip-host> <ip-host> <ipfailures> <ipjailfailures>', ticket, lookups)).toBe('evil.example.org evil.example.org 9 9');
    expect(asked).toEqual(['192.0.2.1', '192.0.2.1 null', '192.0.2.1 j1']);
    expect((await fill('echo "<ipjailmatches>"', ticket, lookups)).args).toEqual(['old\nnew']);
  });
});

describe('hostile values', () => {
  it('become variables that are set from arguments', async () => {
    const ticket = banTicket('192.0.2.1', { data: { captured: { user: '`id`', 'a-b': ';', a_b: '|' } } });
    const script = await fill('echo "<F-USER>" "<F-USER>" <ip> "<F-A-B>" "<F-A_B>"', ticket);
    expect(script.text.split('\n')).toEqual([
      'f2bV_F_USER=$0 f2bV_F_A_B=$1 f2bV_F_A_B_2=$2',
      'echo "${f2bV_F_USER}" "${f2bV_F_USER}" 192.0.2.1 "${f2bV_F_A_B}" "${f2bV_F_A_B_2}"',
    ]);
    expect(script.args).toEqual(['`id`', ';', '|']);
    expect(await shell(script)).toBe('`id` `id` 192.0.2.1 ; |\n');
  });

  it('are not searched for tags', async () => {
    const ticket = banTicket('<F-USER>', { data: { captured: { user: '<ip>' }, matches: ['<br><ip>'] } });
    expect(await shell(await fill('printf "%s|%s|%s" "<ip>" "<F-USER>" "<matches>"', ticket))).toBe('<F-USER>|<ip>|<br><ip>');
  });

  it('may be more than ten', async () => {
    const captured = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`v${index}`, `$${index}`]));
    const tags = Object.keys(captured).map((name) => `"<F-${name.toUpperCase()}>"`);
    expect(await shell(await fill(`printf "%s," ${tags.join(' ')}`, banTicket('x', { data: { captured } })))).toBe(
      Object.values(captured)
        .map((value) => `${value},`)
        .join(''),
    );
  });

  it('reach a command as data only, whatever they are', async () => {
    const folder = temporaryFolder();
    const canary = path.join(folder.path, 'canary');
    const attacks = [
      `$(touch ${canary})`,
      `\`touch ${canary}\``,
      `"; touch ${canary}; "`,
      `'; touch ${canary}; '`,
      `\n touch ${canary} \n`,
      `\${x:=$(touch ${canary})}`,
      `&& touch ${canary} #`,
      `| tee ${canary}`,
      `> ${canary}`,
      `\\"$(touch ${canary})`,
      `a\rtouch ${canary}`,
      '\0$(id)',
      '\u001b[2J',
    ];
    const piece = fc.oneof(
      fc.constantFrom(...attacks),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(' ', '\t', '*', '~', '!', '%'),
    );
    const value = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(value, value, value, async (id, user, match) => {
        const ticket = banTicket(id, { data: { captured: { user }, matches: [match, user] } });
        const script = await fill('printf "%s\\036%s\\036%s\\036%s" "<fid>" "<F-USER>" "<matches>" "<ip>"', ticket);
        const clean = [id, user, `${match}\n${user}`, id].map((part) => Buffer.from(part.replaceAll('\0', '')).toString());
        expect(await shell(script)).toBe(clean.join('\u001e'));
      }),
      { numRuns: 60 },
    );
    for (const attack of attacks)
      await shell(
        await fill('echo <fid> <F-USER> <matches>', banTicket(attack, { data: { captured: { user: attack }, matches: [attack] } })),
      );
    expect(readdirSync(folder.path)).toEqual([]);
    folder.remove();
  });

  it('are bounded: the command still runs with the longest of lines', async () => {
    const matches = Array.from({ length: 100 }, () => 'ü$'.repeat(100_000));
    const ticket = banTicket('192.0.2.1', { data: { matches, captured: { user: 'x'.repeat(5_000_000), name: '$'.repeat(200_000) } } });
    const many = Array.from({ length: 20 }, () => '"<F-NAME>"').join(' ');
    const script = await fill(`for v in "<matches>" "<F-USER>" ${many}; do printf "%s " "\${#v}"; done`, ticket);
    expect(script.args.every((value) => Buffer.byteLength(value) <= 98304)).toBe(true);
    expect(Buffer.from(script.args[0]!).toString()).toBe(script.args[0]);
    expect((await shell(script)).split(' ')).toHaveLength(23);
  });
});
