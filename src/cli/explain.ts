/** `wbfc explain`: what a code means, ours or the switch's. */
import { nearest } from '../diagnostics/suggest.ts';
import { format } from '../format/format.ts';
import { ERROR_NAMES, errorByName, errorCode } from '../openflow/errors.ts';
import type { ErrorCode, OfpErrorName } from '../openflow/errors.ts';
import { ERROR_TEXTS } from '../openflow/error-texts.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';
import type { Paint } from '../report/style.ts';
import { painter } from '../report/style.ts';
import { wrap } from '../report/terminal-text.ts';
import type { ExitCode } from './exit.ts';
import { EXIT, UsageError } from './exit.ts';
import { STDOUT, wantsColor, write } from './output.ts';
import type { AnyDefinition } from './rules.ts';
import { DEFINITIONS, definitionOf } from './rules.ts';

const WIDTH = 88;

export async function explain(code: string | undefined, options: { color?: boolean }): Promise<ExitCode> {
  const paint = painter(await wantsColor(STDOUT, options.color));
  write(STDOUT, code === undefined ? listAll() : explanationOf(code, paint));
  return EXIT.ok;
}

function listAll(): string {
  const lines = DEFINITIONS.map(
    (d) => `${d.code}  ${d.title}${d.switchError === null ? '' : ` (${d.switchError})`}`,
  );
  return `${lines.join('\n')}\n\nThe names of the switch's errors (OFPBMC_BAD_PREREQ, …) are explained too.\n`;
}

function explanationOf(code: string, paint: Paint): string {
  const name = code.trim().toUpperCase();
  const definition = definitionOf(/^\d{4}$/.test(name) ? `WBF${name}` : name);
  if (definition !== undefined) return ours(definition, paint);
  const error = errorByName(name);
  if (error !== undefined) return theirs(error, paint);
  const known = [...DEFINITIONS.map((d) => d.code), ...ERROR_NAMES];
  const near = nearest(name.replace(/^OFPERR_/, ''), known);
  throw new UsageError(
    `there is no diagnostic or error called '${code}'${near === undefined ? '' : `; did you mean ${near}?`}\n` +
      '`wbfc explain` without a code lists those of wbfc',
  );
}

/** Markdown paragraphs, their lines joined and wrapped anew; lists and code stay as they are. */
function reflow(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => {
      if (/^( {4}|```|\||- )/m.test(paragraph)) return paragraph;
      return wrap(paragraph.replaceAll('\n', ' '), WIDTH).join('\n');
    })
    .join('\n\n');
}

function indent(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '    ');
}

function ours(d: AnyDefinition, paint: Paint): string {
  const parts = [paint('title', `${d.code}: ${d.title}`), reflow(d.explanation)];
  if (d.switchError !== null)
    parts.push(reflow(`The switch answers ${d.switchError}: ${ERROR_TEXTS[d.switchError].says}`));
  if (d.example !== null) {
    const { bad, good } = d.example;
    parts.push('Refused:', indent(format(bad).text), 'Accepted:', indent(format(good).text));
  }
  return `${parts.join('\n\n')}\n`;
}

function numbers(code: ErrorCode): string {
  const hex = (n: number): string => `0x${n.toString(16)}`;
  switch (code.form) {
    case 'standard':
      return `type ${code.type}, code ${code.code}`;
    case 'nicira':
      return `vendor error of ${hex(code.vendor)}, type ${code.type}, code ${code.code}`;
    case 'experimenter':
      return `experimenter error ${code.code} of ${hex(code.vendor)}`;
  }
}

function theirs(name: OfpErrorName, paint: Paint): string {
  const { says, advice } = ERROR_TEXTS[name];
  const parts = [paint('title', `${name}: an error of the switch`), reflow(says), reflow(advice)];
  const refusals = DEFINITIONS.filter((d) => d.switchError === name);
  if (refusals.length > 0) {
    parts.push(
      `wbfc refuses beforehand what leads to it:\n${refusals.map((d) => `  ${d.code}  ${d.title}`).join('\n')}`,
    );
  }
  const versions = OPENFLOW_VERSIONS.flatMap((v) => {
    const code = errorCode(name, v);
    return code === undefined ? [] : [`  OpenFlow ${v}: ${numbers(code)}`];
  });
  if (versions.length > 0) parts.push(`On the wire:\n${versions.join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}
