/** The figures of a run, as tables for people (they are Markdown, for the README). */

/** Of several rounds: medians, and the largest memory. */
export interface Summary {
  readonly seconds: number;
  readonly fastest: number;
  readonly cpu: number;
  /** MB */
  readonly peak: number;
}

export interface SizeResult {
  readonly flows: number;
  readonly bytes: { readonly source: number; readonly text: number };
  /** `wbfc build --emit bundle`, the whole process. */
  readonly build: Summary;
  readonly parse: Summary;
  /** `wbfc import` of the same text that `parse` reads. */
  readonly imported: Summary;
  readonly add: Summary | null;
}

/** `wbfc import` of a dump, and `ovs-ofctl parse-flows` of the same. */
export interface DumpResult {
  readonly kind: string;
  readonly flows: number;
  readonly imported: Summary;
  readonly parse: Summary;
}

/** A program that loads a CSV file and has two flows for each of its rows, and the same flows as text. */
export interface HostsResult {
  readonly hosts: number;
  readonly build: Summary;
  readonly parse: Summary;
}

export interface StyleResult {
  readonly style: string;
  readonly says: string;
  readonly flows: number;
  readonly bytes: number;
  readonly build: Summary;
  readonly parse: Summary;
}

export interface Figures {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memory: number;
  };
  readonly rounds: number;
  readonly sizes: readonly SizeResult[];
  readonly dumps: readonly DumpResult[];
  readonly hosts: HostsResult;
  readonly styles: readonly StyleResult[];
  readonly startup: readonly { readonly name: string; readonly seconds: number }[];
}

const time = (seconds: number): string =>
  seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
const ratio = (a: number, b: number): string => (a / b).toFixed(2);
const cell = (s: Summary | null): string =>
  s === null ? '–' : `${time(s.seconds)}, ${s.peak.toFixed(0)} MB`;
const count = (n: number): string => n.toLocaleString('en');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(3, ...all.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((c, i) => c.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  return line(head) + line(widths.map((w) => '-'.repeat(w))) + rows.map(line).join('');
}

export function show({ machine, rounds, sizes, dumps, hosts, styles, startup }: Figures): string {
  const { node, cpu, cores, memory } = machine;
  let text = `Node ${node}, ${cores} × ${cpu}, ${memory} GB; medians of ${rounds} rounds, memory: the largest of them\n\n`;
  text += table(
    [
      'flows',
      'wbfc build',
      'ovs-ofctl parse-flows',
      'ovs-ofctl --bundle add-flows',
      'wbfc / parse',
      'wbfc / add',
    ],
    sizes.map(({ flows, build, parse, add }) => [
      count(flows),
      cell(build),
      cell(parse),
      cell(add),
      ratio(build.seconds, parse.seconds),
      add === null ? '–' : ratio(build.seconds, add.seconds),
    ]),
  );
  const bySize = [...sizes].sort((a, b) => a.flows - b.flows);
  const growth = bySize.slice(1).map((larger, i) => {
    const smaller = bySize[i] ?? larger;
    const flows = larger.flows / smaller.flows;
    const times = larger.build.seconds / smaller.build.seconds;
    const verdict = times <= flows ? 'no worse than linear' : 'worse than linear';
    return `${count(smaller.flows)} → ${count(larger.flows)}: ${flows.toFixed(0)} × the flows, ${times.toFixed(1)} × the time (${verdict})\n`;
  });
  if (growth.length > 0) text += `\nGrowth of wbfc\n${growth.join('')}`;
  if (sizes.length > 0) {
    text += `\nThe fastest round, which other work on the machine has disturbed least, and processor time (all threads)\n${table(
      [
        'flows',
        'wbfc build',
        'parse-flows',
        'wbfc / parse',
        'wbfc build, processor',
        'parse-flows, processor',
      ],
      sizes.map(({ flows, build, parse }) => [
        count(flows),
        time(build.fastest),
        time(parse.fastest),
        ratio(build.fastest, parse.fastest),
        time(build.cpu),
        time(parse.cpu),
      ]),
    )}`;
  }
  if (sizes.length > 0) {
    text += `\nFrom the text of ovs-ofctl to a program, checked\n${table(
      ['flows', '', 'wbfc import', 'ovs-ofctl parse-flows', 'wbfc / parse', 'fastest', 'processor'],
      [...sizes.map((s) => ({ ...s, kind: 'as above' })), ...dumps].map(
        ({ flows, kind, imported, parse }) => [
          count(flows),
          kind,
          cell(imported),
          cell(parse),
          ratio(imported.seconds, parse.seconds),
          ratio(imported.fastest, parse.fastest),
          ratio(imported.cpu, parse.cpu),
        ],
      ),
    )}`;
  }
  text += `\nTwo flows for each host of a CSV file, by a template\n${table(
    ['hosts', 'wbfc build', 'ovs-ofctl parse-flows', 'wbfc / parse', 'fastest', 'processor'],
    [
      [
        count(hosts.hosts),
        cell(hosts.build),
        cell(hosts.parse),
        ratio(hosts.build.seconds, hosts.parse.seconds),
        ratio(hosts.build.fastest, hosts.parse.fastest),
        ratio(hosts.build.cpu, hosts.parse.cpu),
      ],
    ],
  )}`;
  if (styles.length > 0) {
    text += `\nThe same ${count(styles[0]?.flows ?? 0)} flows, written differently\n${table(
      ['source', 'MB', 'wbfc build', 'wbfc / parse', ''],
      styles.map(({ style, says, bytes, build, parse }) => [
        style,
        (bytes / 1e6).toFixed(1),
        cell(build),
        ratio(build.seconds, parse.seconds),
        says,
      ]),
    )}`;
  }
  const bare = startup[0]?.seconds ?? NaN;
  text += `\nStart-up\n${table(
    ['command', 'time', '/ node -e 0'],
    startup.map(({ name, seconds }) => [name, time(seconds), ratio(seconds, bare)]),
  )}`;
  return text;
}
