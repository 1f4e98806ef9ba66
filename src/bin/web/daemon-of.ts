/** How the pages start, stop and switch the server on this machine. */
import path from 'node:path';
import type { Clock } from '../../base/clock';
import { exists } from '../../base/files';
import type { ProcessRunner } from '../../base/process';
import type { Control } from '../../panel/control/control';
import type { Daemon } from '../../panel/control/daemon/daemon';
import { directDaemon } from '../../panel/control/daemon/direct-daemon';
import { systemdDaemon } from '../../panel/control/daemon/systemd-daemon';
import { NODE_FLAGS } from '../server/node-flags';
import type { WebOptions } from './options';

/** Is there while systemd runs the machine (sd_booted). */
const SYSTEMD = '/run/systemd/system';
const STOCK_SERVER = '/usr/bin/fail2ban-server';

/** What is to be known of a server to start and stop it. */
export type DaemonPlace = Pick<WebOptions, 'confdir' | 'socket' | 'pidFile' | 'log' | 'daemon' | 'dryRun'>;

interface DaemonWorld {
  readonly control: Control;
  readonly clock: Clock;
  readonly runner: ProcessRunner;
}

export function daemonOf(options: DaemonPlace, world: DaemonWorld): Daemon {
  if ((options.daemon ?? (exists(SYSTEMD) ? 'systemd' : 'direct')) === 'systemd') return systemdDaemon(world);
  const ours = [process.execPath, ...NODE_FLAGS, path.resolve(__dirname, '..', 'bailiff-server.js')];
  return directDaemon({
    ...world,
    // The stock server cannot be kept from the firewall.
    commands: options.dryRun ? { bailiff: [...ours, '--dry-run'] } : { bailiff: ours, fail2ban: [STOCK_SERVER] },
    conf: options.confdir,
    socket: options.socket,
    pidFile: options.pidFile,
    logtarget: options.log,
  });
}
