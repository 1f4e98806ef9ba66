/** The usual actions into the text that a jail's form offers for them: one line, with every parameter that a person may set. */
import { fetchOption, InterpolationError } from '../../../contracts/files/interpolate';
import type { ActionTemplate } from './configuration';
import { jailBase, jailNames } from './jail-views';
import type { Snapshot } from './snapshot';

/** In the order of the menu. */
const USUAL = ['iptables', 'iptables-multiport', 'iptables-allports', 'nftables', 'nftables-multiport', 'nftables-allports', 'sendmail'];

/** Of the actions that are there; with the jail's name and ports in them. Null: the jail is not there yet. */
export function actionTemplates(snapshot: Snapshot, jail: string | null): readonly ActionTemplate[] {
  const known = jail !== null && jailNames(snapshot).includes(jail);
  const port = known ? jailBase(snapshot, jail).options.find(({ name }) => name === 'port') : undefined;
  return USUAL.flatMap((name) => {
    const parameters = parametersOf(snapshot, name);
    if (parameters === null) return [];
    if (jail !== null && parameters.has('name')) parameters.set('name', jail);
    const ports = port?.raw ?? null;
    if (ports !== null && parameters.has('port')) parameters.set('port', ports);
    const words = [...parameters].flatMap(([key, value]) => spelled(key, value));
    return [{ name, text: words.length === 0 ? name : `${name}[${words.join(', ')}]` }];
  });
}

/** What `[Init]` sets. A parameter that is another one for IPv6 would count for both when a jail gives it, in some releases: it is left out. */
function parametersOf({ merged: { folder } }: Snapshot, action: string): Map<string, string> | null {
  const sections = folder.read(`action.d/${action}`);
  if (sections === null || sections.mistakes.length > 0) return null;
  const init = sections.sections.get('Init') ?? new Map<string, never>();
  const split = new Set([...init.keys()].filter((key) => key.includes('?')).map((key) => key.slice(0, key.indexOf('?'))));
  const parameters = new Map<string, string>();
  for (const key of init.keys()) {
    if (key.includes('?') || (split.has(key) && key !== 'blocktype')) continue;
    try {
      const value = fetchOption({ sections, section: 'Init' }, key);
      if (value === undefined) continue;
      // The first word, as in REJECT, means the same in both families; the rest may not.
      parameters.set(key, (split.has(key) ? (value.split(/\s/)[0] ?? '') : value).replaceAll('%', '%%'));
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
    }
  }
  return parameters;
}

/** `key="value"`; nothing for a value that no quotes can hold. */
function spelled(key: string, value: string): string[] {
  if (value.includes('\n') || /(?:^|\s);/.test(value)) return [];
  const quote = ['"', "'"].find((mark) => !value.includes(mark));
  return quote === undefined ? [] : [`${key}=${quote}${value}${quote}`];
}
