/** Colours of a terminal (ECMA-48 SGR), by what a text means. */
export type Style = 'plain' | 'error' | 'warning' | 'information' | 'title' | 'gutter' | 'secondary' | 'help';

const CODES: Readonly<Record<Style, string>> = {
  plain: '',
  error: '1;31',
  warning: '1;33',
  information: '1;36',
  title: '1',
  gutter: '1;34',
  secondary: '1;34',
  help: '1;36',
};

export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) =>
    style === 'plain' || text.trim() === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`;
}
