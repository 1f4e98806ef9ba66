/** An action's properties and a family become its commands with every tag replaced that does not depend on a ticket. */
import { isSecretName, secretValues } from '../../model/secret';
import { replaceTags } from './tags';
import type { ActionConfig } from '../../model/jail-config';

/** `inet4`, `inet6`, `None` for an id that is no address, and '' for an action that makes no difference between families. */
export type Family = 'inet4' | 'inet6' | 'None' | '';

/** The names of this machine, for `<fq-hostname>` and `<sh-hostname>`. */
export interface HostNames {
  readonly full: string;
  readonly short: string;
}

export type Properties = ReadonlyMap<string, string>;

/** The lines of a ticket are text from a log: no property of this name, nor a cached command, ever stands for them. */
const DYNAMIC_ONLY: ReadonlySet<string> = new Set(['matches', 'ipmatches', 'ipjailmatches']);
/** Seconds that a command may take when the action says nothing. */
const DEFAULT_TIMEOUT = '60';

/** The properties by name, later ones over earlier ones, values as Python prints them. `bantime` belongs to the ticket and is dropped. */
export function propertyMap(config: ActionConfig): Properties {
  const map = new Map<string, string>([['timeout', DEFAULT_TIMEOUT]]);
  for (const [name, value] of config.properties) if (name !== 'bantime') map.set(name, asText(value));
  return map;
}

function asText(value: string | number | boolean | null): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** True when a property has a variant for a family (`blocktype?family=inet6`). */
export function hasFamilyVariants(properties: Properties): boolean {
  return [...properties.keys()].some((name) => /\?family=/.test(name));
}

/** The words that mean yes, as in the configuration files. */
export function isTrue(value: string | undefined): boolean {
  return /^\s*(1|on|true|yes)\s*$/i.test(value ?? '');
}

export interface StaticCommands {
  /**
   * The command of this name (`actionban`) for a family; '' when there is none.
   * `withFamily` replaces `<family>` too: for commands that are run without a ticket.
   */
  command(name: string, family: Family, withFamily: boolean): string;
}

/** Commands of an action, made when first asked for and then remembered. */
export function staticCommands(properties: Properties, hosts: HostNames): StaticCommands {
  const made = new Map<string, string>();
  const constants: Readonly<Record<string, string>> = { br: '\n', sp: ' ', 'fq-hostname': hosts.full, 'sh-hostname': hosts.short };

  function build(name: string, family: Family, withFamily: boolean): string {
    const text = variant(properties, name, family);
    if (text === null) return '';
    const lookup = (tag: string): string | null => {
      if (DYNAMIC_ONLY.has(tag)) return null;
      if (withFamily && tag === 'family') return family;
      return variant(properties, tag, family) ?? (Object.hasOwn(constants, tag) ? constants[tag]! : null);
    };
    return replaceTags(text, lookup, name);
  }

  return {
    command(name, family, withFamily) {
      const key = `${name} ${family} ${withFamily}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const command = build(name, family, withFamily);
      made.set(key, command);
      return command;
    },
  };
}

/** The values of properties whose names say that they are secrets, as they stand and with their tags replaced. */
export function secretsOf(properties: Properties, commands: StaticCommands): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of properties) {
    const [name = '', family = ''] = key.split('?family=');
    if (!isSecretName(name)) continue;
    values.push(value);
    // A value that contains itself is refused when a command is made of it.
    if (value.includes('<')) values.push(resolved(commands, name, family as Family) ?? value);
  }
  return secretValues(values);
}

function resolved(commands: StaticCommands, name: string, family: Family): string | null {
  try {
    return commands.command(name, family, false);
  } catch {
    return null;
  }
}

function variant(properties: Properties, name: string, family: Family): string | null {
  return properties.get(`${name}?family=${family}`) ?? properties.get(name) ?? null;
}
