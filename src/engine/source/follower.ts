/** The Follower: from the paths and patterns that jails name, one reading of each file for all of them. */
import { existsSync } from 'node:fs';
import type { Clock } from '../../base/clock';
import { encodingOf } from '../../base/file-encoding';
import { hasWildcard } from '../../base/files';
import type { Logger } from '../../base/logger';
import { Claim, type ClaimedPaths } from './claim';
import { DirectoryWatch } from './directory-watch';
import { FollowedFiles } from './followed-files';
import { FollowedGlob, type GlobEvents } from './followed-glob';
import type { Follower, FollowHandle, FollowOptions, LineReader } from './source';

export interface FollowerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** `pyinotify` and `auto`: the kernel's notices, with polling as the safety net; `polling`: looks only. `auto` unless told. */
  readonly backend?: 'auto' | 'pyinotify' | 'polling';
}

/** A Follower; one serves all jails of a server. */
export function createFollower(options: FollowerOptions): Follower {
  return new LogFollower(options);
}

class LogFollower implements Follower {
  readonly backend: 'pyinotify' | 'polling';
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly watch: DirectoryWatch | null;
  private readonly files: FollowedFiles;
  private readonly claims = new Set<Claim>();
  private readonly paths = new WeakMap<LineReader, ClaimedPaths>();
  private readonly globs = new Map<string, FollowedGlob>();

  constructor({ clock, logger, backend = 'auto' }: FollowerOptions) {
    this.backend = backend === 'polling' ? 'polling' : 'pyinotify';
    this.clock = clock;
    this.logger = logger;
    this.watch = this.backend === 'polling' ? null : new DirectoryWatch();
    this.files = new FollowedFiles(clock, this.watch);
  }

  follow(path: string, wanted: FollowOptions, reader: LineReader): FollowHandle {
    const options = this.withKnownEncoding(path, wanted, reader);
    const paths = this.paths.get(reader) ?? { named: new Set(), patterns: new Set() };
    this.paths.set(reader, paths);
    const claim = new Claim(options, reader, this.files, paths, this.clock);
    this.claims.add(claim);
    const isPattern = hasWildcard(path) && !existsSync(path);
    if (isPattern) paths.patterns.add(claim);
    const events: GlobEvents = {
      found: (match, size, first) => claim.found(match, size, first),
      gone: (match) => claim.gone(match),
    };
    claim.onStop = () => {
      this.claims.delete(claim);
      paths.patterns.delete(claim);
      if (isPattern) this.unlisten(path, events);
    };
    if (isPattern) this.listen(path, events);
    else claim.take(path, options.position);
    return claim;
  }

  async close(): Promise<void> {
    await Promise.all([...this.claims].map((claim) => claim.stop()));
    this.files.close();
  }

  private listen(pattern: string, events: GlobEvents): void {
    const known = this.globs.get(pattern) ?? new FollowedGlob(pattern, this.clock, this.watch);
    this.globs.set(pattern, known);
    known.add(events);
  }

  private unlisten(pattern: string, events: GlobEvents): void {
    if (this.globs.get(pattern)?.remove(events) === true) this.globs.delete(pattern);
  }

  private withKnownEncoding(path: string, options: FollowOptions, reader: LineReader): FollowOptions {
    if (encodingOf(options.encoding) !== null) return options;
    const message = `unknown encoding ${options.encoding}, UTF-8 is used`;
    this.logger.log('WARNING', 'fail2ban.filter', `${path}: ${message}`);
    reader.onNotice({ kind: 'decoding', source: path, message });
    return { ...options, encoding: 'utf-8' };
  }
}
