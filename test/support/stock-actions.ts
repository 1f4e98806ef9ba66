/** Actions as the stock client would send them to its server: `fail2ban-client -d` over a configuration folder, read into ActionConfigs. */
import { runProgram } from './stock-server';
import type { ActionConfig } from '../../src/model/jail-config';

/** Reads Python literals, one per line, and writes them as one JSON array. */
const TO_JSON = 'import ast,json,sys; json.dump([ast.literal_eval(l) for l in sys.stdin if l.startswith("[")], sys.stdout)';

type Property = readonly [string, string | number | boolean | null];
type Word = string | number | boolean | null | readonly Property[];

/** The actions of every jail of the configuration, by jail, in order. */
export function stockActions(config: string): Map<string, ActionConfig[]> {
  const dump = runProgram('fail2ban-client', ['-c', config, '-d']);
  if (dump.code !== 0) throw new Error(`fail2ban-client -d: ${dump.stderr}`);
  const commands = JSON.parse(runProgram('/usr/bin/python3', ['-c', TO_JSON], dump.stdout).stdout) as Word[][];
  const jails = new Map<string, ActionConfig[]>();
  for (const [verb, jail, what, name, key, value] of commands) {
    if (what === 'addaction') {
      const actions = jails.get(String(jail)) ?? [];
      jails.set(String(jail), [...actions, { name: String(name), properties: [] }]);
    } else if (what === 'action') {
      const properties = verb === 'multi-set' ? (key as readonly Property[]) : [[key, value] as unknown as Property];
      const actions = jails.get(String(jail)) ?? [];
      jails.set(
        String(jail),
        actions.map((action) => (action.name === name ? { ...action, properties } : action)),
      );
    }
  }
  return jails;
}
