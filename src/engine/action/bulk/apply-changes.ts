/** Changes of one place are made in as few runs as it takes; a run that fails is halved until it is known which changes cannot be made. */
import type { Place, PlaceChange, PlaceRun } from './place';

/** What a look at the environment found: all is well; it was mended, and what stood there is lost; it cannot be mended. */
export type Environment = 'sane' | 'mended' | 'broken';

export interface Outcome {
  readonly environment: Environment;
  /** Changes that were not made. With a mended environment: all of them, for what was made before is lost. */
  readonly failed: ReadonlySet<PlaceChange>;
}

export interface ChangeTools {
  /** Runs it; true when it succeeded. */
  run(run: PlaceRun): Promise<boolean>;
  /** Looks at the environment, after a run that failed; asked once at most. */
  look(): Promise<Environment>;
  now(): number;
}

export async function applyChanges(place: Place, changes: readonly PlaceChange[], tools: ChangeTools): Promise<Outcome> {
  const failed = new Set<PlaceChange>();
  let environment: Environment | null = null;

  async function make(part: readonly PlaceChange[]): Promise<void> {
    if (part.length === 0) return;
    if (await tools.run(place.run(part, tools.now()))) {
      place.done(part);
      return;
    }
    environment ??= await tools.look();
    if (environment !== 'sane') return;
    if (part.length === 1) {
      for (const change of part) failed.add(change);
      return;
    }
    const middle = Math.ceil(part.length / 2);
    await make(part.slice(0, middle));
    await make(part.slice(middle));
  }

  for (const part of partsOf(place, changes)) if ((environment ?? 'sane') === 'sane') await make(part);
  const found = environment ?? 'sane';
  return { environment: found, failed: found === 'sane' ? failed : new Set(changes) };
}

/** As many together as the place takes in one run. */
function partsOf({ most, undoing = 1 }: Place, changes: readonly PlaceChange[]): readonly (readonly PlaceChange[])[] {
  const parts: PlaceChange[][] = [];
  let room = 0;
  for (const change of changes) {
    const weight = change.verb === 'add' ? 1 : undoing;
    if (parts.length === 0 || room < weight) {
      parts.push([]);
      room = most;
    }
    parts.at(-1)?.push(change);
    room -= weight;
  }
  return parts;
}
