/** Makes the text of /metrics, in Prometheus' exposition format, from what the server says of its jails. */
import type { JailStatus } from '../../../model/status';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly of: (jail: JailStatus) => number;
}

const METRICS: readonly Metric[] = [
  { name: 'bailiff_jail_banned_current', help: 'Addresses that a jail bans now', type: 'gauge', of: (jail) => jail.currentlyBanned },
  { name: 'bailiff_jail_banned_total', help: 'Bans of a jail since the server started', type: 'counter', of: (jail) => jail.totalBanned },
  { name: 'bailiff_jail_failed_current', help: 'Failures that a jail counts now', type: 'gauge', of: (jail) => jail.currentlyFailed },
  {
    name: 'bailiff_jail_failed_total',
    help: 'Failures of a jail since the server started',
    type: 'counter',
    of: (jail) => jail.totalFailed,
  },
  { name: 'bailiff_jail_files', help: 'Log files that a jail follows', type: 'gauge', of: (jail) => jail.files.length },
];

function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** @param server null while no server answers */
export function metricsText(
  server: { readonly engine: string; readonly version: string; readonly jails: readonly JailStatus[] } | null,
): string {
  const lines = ['# HELP bailiff_up Whether the server answers', '# TYPE bailiff_up gauge', `bailiff_up ${server === null ? 0 : 1}`];
  if (server === null) return `${lines.join('\n')}\n`;
  lines.push('# HELP bailiff_server_info Which server answers', '# TYPE bailiff_server_info gauge');
  lines.push(`bailiff_server_info{engine="${labelValue(server.engine)}",version="${labelValue(server.version)}"} 1`);
  for (const metric of METRICS) {
    lines.push(`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`);
    for (const jail of server.jails) lines.push(`${metric.name}{jail="${labelValue(jail.name)}"} ${metric.of(jail)}`);
  }
  return `${lines.join('\n')}\n`;
}
