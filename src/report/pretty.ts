/**
 * For people: each diagnostic with its source in a frame, as the Rust and Gleam compilers show theirs.
 *
 * ```
 * error[WBF3001]: this match never says that the packet is ICMPv4
 *   --> rules.wbf:43:51
 *    |
 * 43 |     match { eth_dst = self_mac; ip_dst = self_ip; icmp_type = echo_request }
 *    |                                                   ^^^^^^^^^
 *    = the switch answers OFPBMC_BAD_PREREQ
 * help: add `icmp`
 * ```
 */
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Mark } from './frame.ts';
import { frame } from './frame.ts';
import { linesOf } from './lines.ts';
import { helpOf } from './sentences.ts';
import type { Paint } from './style.ts';
import { painter } from './style.ts';
import { summary } from './summary.ts';
import { safe, wrap } from './terminal-text.ts';
import type { ReportBatch, ReportFile, Reporter } from './types.ts';
import { count } from './types.ts';

/** Notes are wrapped so that a line stays below this width. */
const WIDTH = 96;

const WORD = { error: 'error', warning: 'warning', information: 'info' } as const;

interface FileMarks {
  readonly file: ReportFile;
  readonly marks: Mark[];
}

/** The marks of a diagnostic by file, that of the mistake first. */
function marksByFile(d: Diagnostic, files: readonly ReportFile[]): readonly FileMarks[] {
  const groups = new Map<number, FileMarks>();
  const add = (index: number, mark: Mark): void => {
    const file = files[index];
    if (file === undefined) return;
    const group = groups.get(index);
    if (group === undefined) groups.set(index, { file, marks: [mark] });
    else group.marks.push(mark);
  };
  add(d.place.file, { start: d.place.start, end: d.place.end, message: d.label, primary: true });
  for (const r of d.related) {
    add(r.file, { start: r.start, end: r.end, message: r.message, primary: false });
  }
  return [...groups.values()];
}

function where(file: ReportFile, offset: number): string {
  const { line, column } = linesOf(file).position(offset);
  return `${safe(file.path)}:${line}:${column}`;
}

/** `head` and then the text, wrapped, its further lines aligned with the first. */
function paragraph(head: string, painted: string, text: string): string {
  const lines = text.split('\n').flatMap((l) => wrap(safe(l), WIDTH - head.length));
  return painted + lines.join(`\n${' '.repeat(head.length)}`);
}

export function renderDiagnostic(d: Diagnostic, files: readonly ReportFile[], paint: Paint): string {
  const groups = marksByFile(d, files);
  const out = [
    `${paint(d.severity, `${WORD[d.severity]}[${d.code}]`)}${paint('title', `: ${safe(d.message)}`)}`,
  ];
  const frames = groups.map((g) => ({ ...g, frame: frame(linesOf(g.file), g.marks, d.severity, paint) }));
  const numbers = frames.flatMap((f) =>
    f.frame.rows.map((r) => (typeof r.gutter === 'number' ? r.gutter : 0)),
  );
  const pad = ' '.repeat(String(Math.max(1, ...numbers)).length);
  const bar = paint('gutter', '|');

  frames.forEach((f, i) => {
    const first = f.marks[0];
    out.push(`${pad}${paint('gutter', i === 0 ? '-->' : ':::')} ${where(f.file, first?.start ?? 0)}`);
    out.push(`${pad} ${bar}`);
    for (const row of f.frame.rows) {
      if (row.gutter === '...') {
        out.push(paint('gutter', '...'));
        continue;
      }
      const gutter = row.gutter === null ? pad : String(row.gutter).padStart(pad.length);
      out.push(`${paint('gutter', gutter)} ${bar}${row.text === '' ? '' : ` ${row.text}`}`);
    }
    for (const mark of f.frame.omitted) {
      const text = mark.message === '' ? '' : `: ${safe(mark.message)}`;
      out.push(`${pad}${paint('gutter', ':::')} ${where(f.file, mark.start)}${text}`);
    }
  });

  const note = `${pad} = `;
  const notes = d.switchError === null ? d.notes : [`the switch answers ${d.switchError}`, ...d.notes];
  for (const text of notes) out.push(paragraph(note, `${pad} ${paint('gutter', '=')} `, text));
  const help = helpOf(d);
  if (help !== null) out.push(paragraph('help: ', `${paint('help', 'help')}: `, help));
  return `${out.join('\n')}\n`;
}

/** The diagnostics of one program, without a summary. */
export function renderBatch(batch: ReportBatch, color: boolean): string {
  const paint = painter(color);
  return batch.diagnostics.map((d) => `${renderDiagnostic(d, batch.files, paint)}\n`).join('');
}

export const pretty: Reporter = (batches, options) => {
  const body = batches.map((b) => renderBatch(b, options.color)).join('');
  const counts = count(batches);
  return `${body}${summary(counts, batches.length, painter(options.color))}\n`;
};
