/** All verbs that ask or steer a server, in the order of help. */
import { banVerbs } from './bans';
import { carryVerbs } from './carry';
import { doctorVerbs } from './doctor';
import { filterVerbs } from './filters';
import { historyVerbs } from './history';
import { jailVerbs } from './jails';
import { logVerbs } from './logs';
import { reasonVerb } from './reason';
import { rescueVerbs } from './rescue';
import { serverVerbs } from './server';
import { switchVerbs } from './switch';
import { takeBackVerb } from './take-back';
import { trustedVerbs } from './trusted';
import type { OptionSpec, Verb } from './verb';

export const VERBS: readonly Verb[] = [
  ...serverVerbs,
  ...doctorVerbs,
  ...rescueVerbs,
  ...banVerbs,
  reasonVerb,
  ...trustedVerbs,
  ...switchVerbs,
  ...jailVerbs,
  ...filterVerbs,
  ...logVerbs,
  ...historyVerbs,
  ...carryVerbs,
  takeBackVerb,
];

/** Options of every verb. */
export const SHARED: readonly OptionSpec[] = [
  { name: 'json', value: null, meaning: 'print JSON' },
  { name: 'conf', short: 'c', value: 'DIR', meaning: 'configuration folder of the server' },
  { name: 'socket', short: 's', value: 'PATH', meaning: "the server's socket" },
  { name: 'pidfile', short: 'p', value: 'PATH', meaning: "the server's pid file" },
  { name: 'home', value: 'DIR', meaning: 'folder of our own data' },
  { name: 'log', value: 'FILE', meaning: "the server's log" },
  { name: 'db', value: 'FILE', meaning: 'our own database' },
  { name: 'daemon', value: 'HOW', meaning: "how the server is started and stopped: 'systemd' or 'direct'" },
  { name: 'dry-run', value: null, meaning: 'a server that is started records bans and acts on nothing' },
  { name: 'enforce', value: null, meaning: 'a server that is started really bans in the firewall; needs root' },
  { name: 'help', short: 'h', value: null, meaning: 'print help, of one verb when it is named' },
  { name: 'version', short: 'V', value: null, meaning: 'print the version' },
];
