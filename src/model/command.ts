/** A command of fail2ban's socket, as data: words of the types that its pickle carries. */

export type CommandWord = string | number | boolean | null | readonly CommandWord[] | { readonly [key: string]: CommandWord };

/** E.g. `['set', 'sshd', 'addfailregex', '^…$']`. The configuration is a list of these: the stream that `-d` prints. */
export type Command = readonly CommandWord[];
