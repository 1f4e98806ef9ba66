/** Reads the Handlebars templates of a folder: `layouts/`, `pages/` and `partials/`, one level deep. */
import path from 'node:path';
import { listDir, readText } from '../../base/files';
import type { ViewSource } from './render';

export function readViews(folder: string): readonly ViewSource[] {
  return ['layouts', 'pages', 'partials'].flatMap((kind) =>
    listDir(path.join(folder, kind))
      .filter((file) => file.endsWith('.hbs'))
      .map((file) => ({ name: `${kind}/${file.slice(0, -4)}`, text: readText(path.join(folder, kind, file)) })),
  );
}
