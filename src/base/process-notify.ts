/** Tells the service manager how we fare (systemd's sd_notify), by way of a small process of its own: Node has no datagram sockets of UNIX. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { begin } from './process-begin';

/** Told in the words of sd_notify(3): `READY=1`, `WATCHDOG=1`, `STOPPING=1`, `STATUS=…`. */
export interface Notifier {
  /** Never throws; what cannot be told is lost. @param state one assignment, without a newline */
  tell(state: string): void;
}

/**
 * Sends each line that it reads to the socket `$0`, where `@` begins an abstract name, until we end. Perl sends for as long as we run; without it
 * systemd's own program is started for each line, which the older ones among them (before 246) lose now and then.
 */
const SEND = `NOTIFY_SOCKET=$0
export NOTIFY_SOCKET
if perl -MSocket -e 1 2>/dev/null; then
  exec perl -MSocket -e '
    (my $to = $ENV{NOTIFY_SOCKET}) =~ s/^@/\\0/;
    socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or exit 1;
    while (my $line = <STDIN>) { chomp $line; send($socket, $line, 0, pack_sockaddr_un($to)) }'
fi
while IFS= read -r line; do systemd-notify "$line"; done`;

/** @param socket path or `@name`; the process is started with the first thing to tell, and again should it end */
export function createNotifier(socket: string): Notifier {
  let sender: ChildProcess | null = null;
  function start(): ChildProcess | null {
    const child = begin('/bin/sh', ['-c', SEND, socket], { stdio: ['pipe', 'ignore', 'ignore'] });
    if (child instanceof Error) return null;
    const gone = (): void => {
      if (sender === child) sender = null;
    };
    child.once('exit', gone);
    child.on('error', gone);
    child.stdin?.on('error', gone);
    child.unref();
    (child.stdin as Socket | null)?.unref();
    return child;
  }
  return {
    tell(state) {
      sender ??= start();
      sender?.stdin?.write(`${state.replaceAll('\n', ' ')}\n`);
    },
  };
}
