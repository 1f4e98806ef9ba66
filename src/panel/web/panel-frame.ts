/** What Plesk's own frame shows around a page of ours, as data for the panel's PHP: title, tabs, the way up. It travels in a header. */
import { type MessageKey, messagesFor, translate } from './messages';

export const FRAME_HEADER = 'X-Bailiff-Frame';

export interface FrameInput {
  readonly title: MessageKey;
  /** Where the page is about one thing: its name. */
  readonly heading: string | undefined;
  /** The tab's path, title and whether the page is under it. */
  readonly tabs: readonly { readonly path: string; readonly title: MessageKey; readonly selected: boolean }[];
}

export interface PanelFrame {
  readonly title: string;
  readonly tabs: readonly { readonly path: string; readonly title: string; readonly selected: boolean }[];
  /** From the top down, without the page itself. */
  readonly breadcrumbs: readonly { readonly path: string; readonly title: string }[];
}

export function panelFrame(input: FrameInput, language: string): PanelFrame {
  const messages = messagesFor(language);
  const say = (key: MessageKey): string => translate(messages, language, key);
  const tabs = input.tabs.map(({ path, title, selected }) => ({ path, title: say(title), selected }));
  const above = tabs.find((tab) => tab.selected);
  const title = input.heading ?? say(input.title);
  const breadcrumbs = above === undefined || above.title === title ? [] : [{ path: above.path, title: above.title }];
  return { title, tabs, breadcrumbs };
}

/** A header holds no more than ASCII: base64 of JSON. */
export function frameHeader(frame: PanelFrame): string {
  return Buffer.from(JSON.stringify(frame)).toString('base64');
}
