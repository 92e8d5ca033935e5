// How a page of the reference is put together.
import { format } from '../../src/format/format.ts';
import { OPENFLOW_VERSIONS } from '../../src/openflow/versions.ts';
import type { OpenFlowVersion } from '../../src/openflow/types.ts';

export interface Page {
  readonly title: string;
  readonly about: string;
  /** What the page is made from, for its reader; left out: the tables in src/openflow/. */
  readonly from?: string;
  readonly parts: readonly string[];
  /** Every example on the page, as a whole program. */
  readonly examples: readonly { readonly name: string; readonly text: string }[];
}

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');
export const fence = (text: string, language = 'wbf'): string =>
  `\`\`\`${language}\n${language === 'wbf' ? format(text).text.trimEnd() : text}\n\`\`\``;

/** A table of two columns without those rows that say nothing. */
export function rows(all: readonly (readonly [string, string])[]): string {
  const said = all.filter(([, text]) => text !== '');
  return [
    '| | |',
    '|---|---|',
    ...said.map(([name, text]) => `| ${name} | ${text.replaceAll('|', '\\|')} |`),
  ].join('\n');
}

/** `1.2 to 1.5`, with NXM for the extension of OpenFlow 1.0. */
export function versionsText(versions: readonly (OpenFlowVersion | 'NXM')[]): string {
  const has = OPENFLOW_VERSIONS.filter((v) => versions.includes(v));
  const nxm = versions.includes('NXM') && !has.includes('1.0') ? '1.0 (as NXM)' : '';
  const [first] = has;
  const last = has.at(-1);
  const run =
    first !== undefined &&
    OPENFLOW_VERSIONS.indexOf(last!) - OPENFLOW_VERSIONS.indexOf(first) === has.length - 1;
  const text =
    has.length === 0 ? '' : run ? (first === last ? first : `${first} to ${last}`) : has.join(', ');
  return [nxm, text].filter((t) => t !== '').join(', ') || 'none';
}

export function pageText({ title, about, from = 'the tables in `src/openflow/`', parts }: Page): string {
  return [
    `# ${title}`,
    '',
    about,
    '',
    `This page is made from ${from} by \`test/reference.test.ts\`, which also compiles its examples.`,
    '',
    ...parts,
  ].join('\n');
}
