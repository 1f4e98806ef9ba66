/** The stream of our reader beside that of the installed `fail2ban-client -d`, line by line, on Debian's configuration and on changes to it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatCommands, readConfiguration } from '../../../src/contracts/files/configuration';
import { temporaryFolder } from '../../support/folder';
import { copyStock, sortLogs, STOCK, stockDump, stockJails, stockNames } from '../../support/stock-config';

const folder = temporaryFolder();
let copies = 0;
let same = 0;
let all = 0;

function copy(files: Readonly<Record<string, string>> = {}): string {
  return copyStock(path.join(folder.path, `copy-${++copies}`), files);
}

/** Lines of both that differ; none is what we want. */
function differences(dir: string): { readonly ours: string | undefined; readonly stock: string | undefined }[] {
  const stock = stockDump(dir);
  const ours = sortLogs(formatCommands(readConfiguration(dir).commands).split('\n').slice(0, -1));
  const found = [];
  for (let at = 0; at < Math.max(stock.length, ours.length); at++) {
    all++;
    if (stock[at] === ours[at]) same++;
    else found.push({ ours: ours[at], stock: stock[at] });
  }
  expect(stock.length).toBeGreaterThan(7);
  return found;
}

const allJails = stockJails()
  .map((name) => `[${name}]\nenabled = true\n`)
  .join('');

afterAll(() => {
  console.log(`lines of fail2ban-client -d: ${same} of ${all} the same`);
  folder.remove();
});

test('the configuration as Debian installs it gives the same stream', () => {
  expect(differences(copy())).toEqual([]);
});

test('with every jail enabled the stream is the same', () => {
  expect(differences(copy({ 'jail.local': allJails }))).toEqual([]);
});

test('with every jail enabled on the journal the stream is the same', () => {
  expect(differences(copy({ 'jail.local': `[DEFAULT]\nbackend = systemd\n${allJails}` }))).toEqual([]);
});

test('overrides in .local files and folders, with known, give the same stream', () => {
  const files = {
    'jail.local': `[DEFAULT]\nbantime = 2h\nignoreip = 127.0.0.1/8 ::1, 192.0.2.0/24\nbanaction = nftables[type=multiport]\n${allJails}`,
    'jail.d/a.conf': '[sshd]\nmode = aggressive\nmaxretry = 3\n[mine]\nenabled = true\nfilter = sshd[mode=ddos]\nlogpath = %(sshd_log)s\n',
    'jail.d/z.local':
      '[sshd]\nfailregex = %(known/failregex)s\n            ^mine <HOST>$\nmaxretry = %(known/maxretry)s\nbantime = %(known/bantime)s\n[mine]\nport = %(sshd/port)s\n',
    'filter.d/common.local': '[DEFAULT]\n__hostname = host-\\w+\n',
    'filter.d/apache-common.local': '[DEFAULT]\nlogging = syslog\n',
    'filter.d/sshd.local':
      '[Definition]\nfailregex = %(known/failregex)s\n            ^also <HOST>$\nignoreregex = from nobody\n[Init]\nextra = 1\n',
    'filter.d/postfix.local': '[Definition]\nmdre-normal = %(known/mdre-normal)s\n   ^more <HOST>\nmode = extra\n',
    'action.d/iptables.local':
      '[Init]\nchain = FORWARD\nblocktype = DROP\n[Init?family=inet6]\nblocktype = DROP\n[Definition]\nactionflush =\n',
    'action.d/nftables.local': '[Definition]\nactionban = <known/actionban>\n            logger banned <ip>\n[Init]\ntable = mine-<name>\n',
    'fail2ban.local': '[Definition]\nloglevel = DEBUG\ndbmaxmatches = 20\n[Thread]\nstacksize = 64\n',
  };
  expect(differences(copy(files))).toEqual([]);
});

test('every action in a jail, bare and with arguments, gives the same stream', () => {
  const sections = stockNames('action.d').map((name) => {
    const base = `enabled = true\nfilter = sshd\nlogpath = /nonexistent.log\nport = 1:2\nprotocol = udp\n`;
    const args = `name="%(__name__)s-x", port="%(port)s", chain="%(chain)s", dest="a@b.example, c", blocktype="x <ip>", actname=other`;
    return `[with-${name}]\n${base}action = ${name}\n[args-${name}]\n${base}action = ${name}[${args}]\n         dummy[name=second]\n`;
  });
  expect(differences(copy({ 'jail.local': sections.join('') }))).toEqual([]);
});

test('the ready-made groups of actions give the same stream', () => {
  const groups = ['action_mw', 'action_mwl', 'action_xarf', 'action_abuseipdb', 'action_blocklist_de', 'action_cf_mwl'];
  const sections = groups.map(
    (name) =>
      `[${name}]\nenabled = true\nfilter = sshd\nlogpath = /nonexistent.log\naction = %(${name})s\ncfemail = a@b.example\ncfapikey = k%%y\nblocklist_de_apikey = 1\n`,
  );
  expect(differences(copy({ 'jail.local': sections.join('') }))).toEqual([]);
});

test('the Python action is sent with its file and its options as JSON', () => {
  const jail = `[mail]\nenabled = true\nfilter = sshd\naction = smtp.py[host="mail.example", sendername='J\u00fcrgen "q" \u{1f600}', actname=m]\n`;
  expect(differences(copy({ 'jail.local': jail }))).toEqual([]);
});

test('arguments that cannot be read give the same config-error', () => {
  const actions = [
    'dummy[a="x\\"y\\"", b=1]',
    'dummy[a b=1]',
    'dummy [a=1]',
    'dummy[a=1]x[b=2]',
    'dummy[a=1,,b=2]',
    'dummy[a="1"x]',
    'dummy[a',
    '[a=1]',
    'nowhere',
  ];
  const sections = actions.map((action, at) => `[j${at}]\nenabled = true\nfilter = sshd\naction = ${action}\n`);
  expect(differences(copy({ 'jail.local': sections.join('') }))).toEqual([]);
});

test('every filter in each of its modes and log types gives the same stream', () => {
  const sections: string[] = [];
  for (const name of stockNames('filter.d').filter((filter) => !filter.endsWith('common'))) {
    const text = readFileSync(path.join(STOCK, 'filter.d', `${name}.conf`), 'utf8');
    const modes = new Set([...text.matchAll(/^_?[a-z]*re-(\w+)\b/gm)].map((match) => match[1] ?? ''));
    const variants = [
      ...[...modes].map((mode) => `mode=${mode}`),
      'logtype=journal',
      'logtype=rfc5424',
      'logtype=short',
      'logging=syslog',
      'maxlines=4',
    ];
    variants.forEach((variant, at) => sections.push(`[${name}-${at}]\nenabled = true\nfilter = ${name}[${variant}]\naction =\n`));
  }
  expect(sections.length).toBeGreaterThan(400);
  expect(differences(copy({ 'jail.local': sections.join('') }))).toEqual([]);
});

test('names in unusual places give the same stream', () => {
  const jail = (name: string, more: string): string => `[${name}]\nenabled = true\nlogpath = /nonexistent.log\n${more}`;
  const files = {
    'jail.local':
      jail('upper', 'filter = upper\naction = upper\n') +
      jail('number', 'filter = number\nmaxlines = many\naction =\n') +
      jail('kept', 'filter = kept\naction =\n') +
      jail('around', 'filter = around\naction =\n') +
      jail('circle', 'filter = circle\naction =\n') +
      jail('words', 'filter = words\naction =\n'),
    // A tag in capitals is looked up in the file, when the filter is first read, and stays so.
    'filter.d/upper.conf': '[DEFAULT]\nw = no\n[Definition]\nfailregex = ^%(w)s <W> <v> <HOST>$\nv = %(w)s\n[Init]\nW = yes\n',
    // A jail's own value hides the filter's, even where it is no number.
    'filter.d/number.conf': '[Definition]\nfailregex = ^<HOST>$\nmaxlines = 5\n',
    // What has a variant for a family is left to the server; names with signs have none.
    'filter.d/kept.conf':
      '[DEFAULT]\nx.y = 1\n[Definition]\nfailregex = ^<x.y> <HOST>$\nignoreregex = ^<x.y>$\n[Init?family=inet6]\nignoreregex = z\nx.y = 2\n',
    'action.d/upper.conf':
      '[DEFAULT]\nx.y = 1\n[Definition]\nactioncheck = <m> <x.y>\nm = q <<x.y>> <z>\n[Init]\nz = 3\n[Init?family=inet4]\nx.y = 5\nz = 4\n',
    // Files that include each other are read whole, whoever is read first.
    'filter.d/around.conf': '[Definition]\nfailregex = ^around <HOST>$\n',
    'filter.d/around.local': '[INCLUDES]\nbefore = circle.conf\n[Definition]\nignoreregex = ^local$\n',
    'filter.d/circle.conf': '[INCLUDES]\nafter = around.conf\n[Definition]\nfailregex = ^circle <HOST>$\n',
    // Only blanks, tabs and ends of lines divide words.
    'filter.d/words.conf': '[Definition]\nfailregex = ^<HOST>$\njournalmatch = _A=b\vc\t_D="e f"\n',
  };
  expect(differences(copy(files))).toEqual([]);
});

test('log files that are there, and globs, are named with their mode', () => {
  const logs = path.join(folder.path, 'logs');
  const dir = copy({
    '../logs/a.log': 'x\n',
    '../logs/b.log': 'x\n',
    '../logs/.hidden.log': 'x\n',
    '../logs/sub/c.log': 'x\n',
    '../logs/[d].log': 'x\n',
  });
  const lines = [
    `${logs}/*.log`,
    `${logs}/?.log tail`,
    `${logs}/*/c.log`,
    `${logs}/[!a].log head`,
    `${logs}/.h*`,
    `${logs}/[[]d].log`,
    `${logs}/none`,
  ];
  writeFileSync(path.join(dir, 'jail.local'), `[sshd]\nenabled = true\nlogpath = ${lines.join('\n          ')}\n`);
  expect(differences(dir)).toEqual([]);
});
