/** An editor over a folder of the test's own, with no server or any other behind it. */
import path from 'node:path';
import { systemClock, type Clock } from '../../src/base/clock';
import { createLogger } from '../../src/base/logger';
import type { Control } from '../../src/panel/control/control';
import { createEngineControl } from '../../src/panel/control/engine-control';
import { createEditor } from '../../src/panel/control/editor/create-editor';
import type { Editor } from '../../src/panel/control/editor/editor';
import { SnapshotKeeper } from '../../src/panel/control/editor/snapshot';

export const BY = { who: 'admin', client: '192.0.2.1' };

export interface EditorAt {
  readonly editor: Editor;
  readonly keeper: SnapshotKeeper;
  /** What it told its logger. */
  readonly told: readonly string[];
}

/** A server that is not there. */
export function noServer(dir: string): Control {
  return createEngineControl({ socket: path.join(dir, 'nobody.sock'), conf: dir });
}

/** @param states folder of the states; beside the configuration folder when not given */
export function editorAt(
  dir: string,
  options: { readonly control?: Control; readonly states?: string; readonly clock?: Pick<Clock, 'now'> } = {},
): EditorAt {
  const told: string[] = [];
  const keeper = new SnapshotKeeper(dir);
  const editor = createEditor({
    keeper,
    control: options.control ?? noServer(dir),
    clock: options.clock ?? systemClock,
    logger: createLogger(({ level, message }) => void told.push(`${level} ${message}`)),
    states: options.states ?? `${dir}-states`,
  });
  return { editor, keeper, told };
}
