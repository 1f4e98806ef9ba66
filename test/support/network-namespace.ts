/** A network namespace of a test's own, with loopback up: firewall commands run in it and leave the machine's rules alone. */
import { spawnSync } from 'node:child_process';
import { systemClock } from '../../src/base/clock';
import { systemRunner, type ProcessRunner } from '../../src/base/process';

export interface NetworkNamespace {
  readonly name: string;
  /** Runs commands inside. */
  readonly runner: ProcessRunner;
  /** Runs a shell script inside and gives its output; throws when it fails. */
  sh(script: string): string;
  /** True when the script succeeds inside. */
  succeeds(script: string): boolean;
  remove(): void;
}

let made = 0;

/** Makes a namespace. Needs root. */
export function networkNamespace(): NetworkNamespace {
  const name = `bailiff-${process.pid}-${++made}`;
  const run = (args: readonly string[]) => spawnSync('ip', args, { encoding: 'utf8', timeout: 20_000 });
  const added = run(['netns', 'add', name]);
  if (added.status !== 0) throw new Error(`ip netns add: ${added.stderr}`);
  const inside = (script: string) => run(['netns', 'exec', name, '/bin/sh', '-c', script]);
  inside('ip link set lo up');
  const system = systemRunner(systemClock);
  return {
    name,
    runner: {
      run: (request) => system.run({ ...request, command: 'ip', args: ['netns', 'exec', name, request.command, ...request.args] }),
    },
    sh(script) {
      const { status, stdout, stderr } = inside(script);
      if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
      return stdout;
    },
    succeeds: (script) => inside(script).status === 0,
    remove: () => void run(['netns', 'del', name]),
  };
}
