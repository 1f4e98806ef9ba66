/** The order in which a shell action runs its commands, held against the stock server: the same action files, the same bans, the same traces. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { systemRunner } from '../../../src/base/process';
import { actionRig, JAIL } from '../../support/actions';
import { stockActions } from '../../support/stock-actions';
import { runProgram, startStockServer, type StockServer } from '../../support/stock-server';
import { banTicket } from '../../support/tickets';
import type { ActionConfig } from '../../../src/model/jail-config';
import type { JailAction } from '../../../src/engine/action/jail-action';

/** Commands of an action file; `T` is where a command writes its trace. */
interface Scenario {
  readonly action: string;
  readonly steps: readonly (readonly ['ban' | 'unban', string])[];
}

const echo = (names: readonly string[]): string => names.map((name) => `action${name} = echo "${name} <v> <family>" >> <T>\n`).join('');
const tickets = (names: readonly string[]): string =>
  names.map((name) => `action${name} = echo "${name} <v> <ip> <family> <restored> <bantime> <bancount>" >> <T>\n`).join('');
const VARIANTS = '[Init]\nv = four\n[Init?family=inet6]\nv = six\n';
const PLAIN = '[Init]\nv = any\n';
const BOTH = [
  ['ban', '192.0.2.1'],
  ['ban', '2001:db8::1'],
  ['ban', '192.0.2.2'],
  ['unban', '192.0.2.1'],
] as const;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  plain: { action: `[Definition]\n${echo(['start', 'stop', 'check'])}${tickets(['ban', 'unban'])}${PLAIN}`, steps: BOTH },
  variants: { action: `[Definition]\n${echo(['start', 'stop', 'check'])}${tickets(['ban', 'unban'])}${VARIANTS}`, steps: BOTH },
  flushing: { action: `[Definition]\n${echo(['start', 'stop', 'check', 'flush'])}${tickets(['ban', 'unban'])}${VARIANTS}`, steps: BOTH },
  plainflush: { action: `[Definition]\n${echo(['start', 'stop', 'flush'])}${tickets(['ban', 'unban'])}${PLAIN}`, steps: BOTH },
  atonce: {
    action: `[Definition]\nactionstart_on_demand = false\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: BOTH,
  },
  demand: {
    action: `[Definition]\nactionstart_on_demand = true\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: BOTH,
  },
  plaindemand: {
    action: `[Definition]\nactionstart_on_demand = true\nactionstart = echo start >> <T>\nactionstop = echo stop >> <T>\n${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: BOTH,
  },
  raw: {
    action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: [
      ['ban', 'somebody'],
      ['ban', 'nobody'],
      ['unban', 'somebody'],
    ],
  },
  rawplain: {
    action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: [
      ['ban', 'somebody'],
      ['unban', 'somebody'],
    ],
  },
  rawkept: { action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`, steps: [['ban', 'somebody']] },
  rawnext: {
    action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['ban', 'somebody'],
    ],
  },
  rawdemand: {
    action: `[Definition]\nactionstart_on_demand = true\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['ban', 'somebody'],
    ],
  },
  rawthen: {
    action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: [
      ['ban', 'somebody'],
      ['ban', '192.0.2.1'],
      ['ban', '2001:db8::1'],
    ],
  },
  onlyban: {
    action: `[Definition]\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${PLAIN}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
    ],
  },
  unbanagain: {
    action: `[Definition]\n${echo(['start', 'stop', 'flush'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
    ],
  },
  samestart: {
    action: `[Definition]\nactionstart = echo start >> <T>\nactionstop = echo stop >> <T>\nactioncheck = echo check >> <T>\nactionflush = echo flush >> <T>\n${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: BOTH,
  },
  restore: {
    action: `[Definition]\n${echo(['start', 'stop'])}actioncheck = echo check <family> >> <T>; grep -q stop <T>\nactionban = echo ban <ip> >> <T>; test <ip> = 192.0.2.1 || grep -q stop <T>\n${tickets(['unban'])}${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
      ['unban', '192.0.2.1'],
    ],
  },
  restoreplain: {
    action: `[Definition]\n${echo(['start', 'stop'])}actioncheck = echo "check <family>" >> <T>; grep -q stop <T>\nactionban = echo ban <ip> >> <T>; test <ip> = 192.0.2.1 || grep -q stop <T>\n${tickets(['unban'])}${PLAIN}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
      ['unban', '192.0.2.1'],
    ],
  },
  failban: {
    action: `[Definition]\n${echo(['start', 'stop'])}actionban = echo ban <ip> >> <T>; false\n${tickets(['unban'])}${PLAIN}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
    ],
  },
  failcheck: {
    action: `[Definition]\n${echo(['start', 'stop'])}actioncheck = echo check >> <T>; false\nactionban = echo ban <ip> >> <T>; false\n${tickets(['unban'])}${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
    ],
  },
  repair: {
    action: `[Definition]\n${echo(['start', 'stop', 'repair'])}actioncheck = echo check <family> >> <T>; grep -q repair <T>\nactionban = echo ban <ip> >> <T>; grep -q repair <T>\n${tickets(['unban'])}${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
    ],
  },
  failunban: {
    action: `[Definition]\n${echo(['start', 'stop'])}actioncheck = echo check >> <T>; false\n${tickets(['ban'])}actionunban = echo unban >> <T>; false\n${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['unban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
    ],
  },
  failstart: {
    action: `[Definition]\nactionstart = echo start <family> >> <T>; false\n${echo(['stop', 'check'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: [
      ['ban', '192.0.2.1'],
      ['ban', '192.0.2.2'],
      ['unban', '192.0.2.1'],
    ],
  },
  families: {
    action: `[Definition]\nfamilies = inet6\nactionstart_on_demand = false\n${echo(['start', 'stop'])}${tickets(['ban', 'unban'])}${VARIANTS}`,
    steps: BOTH,
  },
  composite: {
    action: `[Definition]\n${tickets(['unban'])}actionban = echo "<n<one>>|<br>|<sp>|<unknown>|<deep>" >> <T>\n[Init]\nv = x\none = 1\nn1 = found <name>\ndeep = <deeper>\ndeeper = <n<one>> <ip>\n`,
    steps: [['ban', '192.0.2.1']],
  },
};

const NAMES = Object.keys(SCENARIOS);
let server: StockServer;
let configs: Map<string, ActionConfig[]>;
const trace = (name: string, whose: string): string => path.join(server.folder, `${name}.${whose}`);
const read = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);

/** Gives commands to the server, all through one client. */
function tell(commands: readonly string[]): void {
  const said = runProgram('fail2ban-client', ['-i', '-c', server.config, '-s', server.socket], `${commands.join('\n')}\nexit\n`);
  if (said.code !== 0) throw new Error(`${said.stdout}${said.stderr}`);
}

/** Writes the configuration with traces that end in `whose`. */
function configure(whose: string): void {
  for (const name of NAMES) writeFileSync(path.join(server.config, 'action.d', `${name}.conf`), SCENARIOS[name]!.action);
  const jails = NAMES.map(
    (name) => `[${name}]\nenabled = true\nbackend = polling\nfilter =\naction = ${name}[T="${trace(name, whose)}"]\n`,
  );
  writeFileSync(path.join(server.config, 'jail.conf'), `[DEFAULT]\n${jails.join('')}`);
}

/** What a jail does with its action for the steps of a scenario, and at its end. */
async function play(action: JailAction, steps: Scenario['steps']): Promise<void> {
  const banned = new Set<string>();
  await action.start().catch(() => undefined);
  for (const [step, id] of steps) {
    await action[step]([banTicket(id)]);
    if (step === 'ban') banned.add(id);
    else banned.delete(id);
  }
  if (action.canFlush) await action.flush();
  else await action.unban([...banned].map((id) => banTicket(id)));
  await action.stop().catch(() => undefined);
}

beforeAll(async () => {
  server = await startStockServer('order');
  writeFileSync(path.join(server.config, 'fail2ban.local'), '[Definition]\nallowipv6 = yes\n');
  configure('stock');
  tell(['reload', ...NAMES.flatMap((name) => SCENARIOS[name]!.steps.map(([step, id]) => `set ${name} ${step}ip ${id}`)), 'stop']);
  while (existsSync(server.socket)) await wait(20);
  configure('ours');
  configs = stockActions(server.config);
}, 150_000);
afterAll(() => server.stop());

test.each(NAMES)('%s: the same commands in the same order as the stock server', async (name) => {
  const [config] = configs.get(name) ?? [];
  const { action } = actionRig(config!, systemRunner(systemClock), {}, { ...JAIL, name });
  await play(action, SCENARIOS[name]!.steps);
  const stock = read(trace(name, 'stock'));
  expect(stock).not.toEqual([]);
  expect(read(trace(name, 'ours'))).toEqual(stock);
});
