/** `npm run bench`: wbfc beside ovs-ofctl on the same flows, in the same run, one after the other in turns. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSwitch } from '../lab/switch.ts';
import { DUMPS, makeDump, type DumpKind } from './dumps.ts';
import { makeFlows, toOfctl } from './flows.ts';
import { makeHosts } from './hosts.ts';
import { measure, median, requireTime, run, type Measurement } from './measure.ts';
import {
  show,
  type DumpResult,
  type Figures,
  type HostsResult,
  type SizeResult,
  type StyleResult,
  type Summary,
} from './report.ts';
import { STYLES, toSource, type Style } from './source.ts';

const HELP = `npm run bench -- [options]
  --sizes 1000,10000,100000  how many flows
  --rounds 5                 how often each; the median is printed
  --styles all               ways of writing a source, compared at the largest size; "none" leaves them out
  --no-switch                without ovs-ofctl add-flows, which needs a switch
  --wbfc dist/wbfc.cjs       another build of wbfc
  --json                     all figures as JSON
`;

/** A turn: what is measured, and what has to stand around it. */
interface Contender {
  readonly name: string;
  readonly go: () => Promise<Measurement>;
}

const TINY = 'table t = 0 { miss = drop; flow a { match { tcp; tcp_dst = 80 } action { output 1 } } }\n';

export async function main(args: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string', default: '1000,10000,100000' },
      rounds: { type: 'string', default: '5' },
      styles: { type: 'string', default: 'all' },
      wbfc: { type: 'string', default: join(root, 'dist', 'wbfc.cjs') },
      'no-switch': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const sizes = values.sizes.split(',').map(Number);
  const rounds = Number(values.rounds);
  const styles = chosenStyles(values.styles);
  if (![...sizes, rounds].every((n) => Number.isInteger(n) && n > 0) || styles === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  requireTime();
  const wbfc = resolve(values.wbfc);
  if (!existsSync(wbfc)) throw new Error(`no ${wbfc}: npm run build`);

  const dir = mkdtempSync(join(tmpdir(), 'wbfc-bench-'));
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  try {
    const bench = new Bench(dir, wbfc, rounds, say);
    const results: SizeResult[] = [];
    for (const size of sizes) results.push(await bench.size(size, !values['no-switch']));
    const largest = Math.max(...sizes);
    const dumps: DumpResult[] = [];
    for (const kind of Object.keys(DUMPS) as DumpKind[]) dumps.push(await bench.dump(largest, kind));
    const hosts = await bench.hosts(Math.ceil(largest / 2));
    const styled: StyleResult[] = [];
    for (const style of styles) styled.push(await bench.style(largest, style));
    const figures: Figures = {
      machine: {
        node: process.version,
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        memory: Math.round(totalmem() / 2 ** 30),
      },
      rounds,
      sizes: results,
      dumps,
      hosts,
      styles: styled,
      startup: await bench.startup(),
    };
    process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : show(figures));
    return 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function chosenStyles(list: string): Style[] | undefined {
  const all = Object.keys(STYLES) as Style[];
  if (list === 'none') return [];
  if (list === 'all') return all;
  const chosen = list.split(',');
  return chosen.every((name) => Object.hasOwn(STYLES, name)) ? (chosen as Style[]) : undefined;
}

class Bench {
  private readonly dir: string;
  private readonly wbfc: string;
  private readonly rounds: number;
  private readonly say: (text: string) => void;

  constructor(dir: string, wbfc: string, rounds: number, say: (text: string) => void) {
    this.dir = dir;
    this.wbfc = wbfc;
    this.rounds = rounds;
    this.say = say;
  }

  async size(count: number, withSwitch: boolean): Promise<SizeResult> {
    const flows = makeFlows(count);
    const source = this.write('flows.wbf', toSource(flows, 'house'));
    const text = this.write('flows.txt', toOfctl(flows));
    const [build, parse, imported, add] = await this.turns(`${count} flows`, [
      this.compiler(source),
      { name: 'parse-flows', go: () => measure({ words: ['ovs-ofctl', 'parse-flows', text] }) },
      this.importer(text),
      ...(withSwitch ? [{ name: 'add-flows', go: () => addFlows(text) }] : []),
    ]);
    if (build === undefined || parse === undefined || imported === undefined)
      throw new Error('nothing was measured');
    const bytes = { source: statSync(source).size, text: statSync(text).size };
    return { flows: count, bytes, build, parse, imported, add: add ?? null };
  }

  /** `wbfc import` of what is mostly imported. */
  async dump(count: number, kind: DumpKind): Promise<DumpResult> {
    const text = this.write('dump.txt', makeDump(kind, count));
    const [parse, imported] = await this.turns(`${count} flows, ${kind}`, [
      { name: 'parse-flows', go: () => measure({ words: ['ovs-ofctl', 'parse-flows', text] }) },
      this.importer(text),
    ]);
    if (parse === undefined || imported === undefined) throw new Error('nothing was measured');
    return { kind, flows: count, parse, imported };
  }

  /** Two flows for each host of a CSV file. */
  async hosts(count: number): Promise<HostsResult> {
    const { csv, source, text } = makeHosts(count);
    this.write('hosts.csv', csv);
    const flows = this.write('hosts.txt', text);
    const [build, parse] = await this.turns(`${count} hosts`, [
      this.compiler(this.write('hosts.wbf', source)),
      { name: 'parse-flows', go: () => measure({ words: ['ovs-ofctl', 'parse-flows', flows] }) },
    ]);
    if (build === undefined || parse === undefined) throw new Error('nothing was measured');
    return { hosts: count, build, parse };
  }

  async style(count: number, style: Style): Promise<StyleResult> {
    const flows = makeFlows(count);
    const source = this.write('styled.wbf', toSource(flows, style));
    const text = this.write('styled.txt', toOfctl(flows));
    const [build, parse] = await this.turns(`${count} flows, ${style}`, [
      this.compiler(source),
      { name: 'parse-flows', go: () => measure({ words: ['ovs-ofctl', 'parse-flows', text] }) },
    ]);
    if (build === undefined || parse === undefined) throw new Error('nothing was measured');
    return { style, says: STYLES[style], flows: count, bytes: statSync(source).size, build, parse };
  }

  /** Starts of `node -e 0`, of `--version` and of a check of one flow, in turns. */
  async startup(): Promise<Figures['startup']> {
    const tiny = this.write('tiny.wbf', TINY);
    const starts: readonly (readonly [string, readonly string[]])[] = [
      ['node -e 0', [process.execPath, '-e', '0']],
      ['wbfc --version', [process.execPath, this.wbfc, '--version']],
      ['wbfc check, one flow', [process.execPath, this.wbfc, 'check', tiny]],
    ];
    this.say('start-up');
    const times = starts.map((): number[] => []);
    for (let round = -2; round < 8 * this.rounds; round++)
      for (const [i, [, words]] of starts.entries()) {
        const seconds = await run({ words });
        if (round >= 0) times[i]?.push(seconds);
      }
    return starts.map(([name], i) => ({ name, seconds: median(times[i] ?? []) }));
  }

  private compiler(source: string): Contender {
    const out = join(this.dir, 'out.bundle');
    const words = [process.execPath, this.wbfc, 'build', source, '--emit', 'bundle', '-o', out];
    return { name: 'wbfc build', go: () => measure({ words }) };
  }

  private importer(text: string): Contender {
    const words = [process.execPath, this.wbfc, 'import', text, '-o', join(this.dir, 'imported.wbf')];
    return { name: 'wbfc import', go: () => measure({ words }) };
  }

  /** A B C A B C …; the first round warms the caches of files and is not counted. */
  private async turns(title: string, contenders: readonly Contender[]): Promise<Summary[]> {
    const taken = contenders.map((): Measurement[] => []);
    for (let round = 0; round <= this.rounds; round++)
      for (const [i, contender] of contenders.entries()) {
        const measurement = await contender.go();
        this.say(
          `${title}, ${round === 0 ? 'warm-up' : `round ${round}`}: ${contender.name} ${(measurement.seconds * 1000).toFixed(0)} ms`,
        );
        if (round > 0) taken[i]?.push(measurement);
      }
    return taken.map(summary);
  }

  private write(name: string, text: string): string {
    const path = join(this.dir, name);
    writeFileSync(path, text);
    return path;
  }
}

function summary(all: readonly Measurement[]): Summary {
  return {
    seconds: median(all.map((m) => m.seconds)),
    fastest: Math.min(...all.map((m) => m.seconds)),
    cpu: median(all.map((m) => m.cpu)),
    peak: Math.max(...all.map((m) => m.peak)),
  };
}

/** On an empty switch each time, which ends before something else is measured. */
async function addFlows(text: string): Promise<Measurement> {
  const lab = await startSwitch({ dummy: true });
  try {
    const bridge = await lab.addBridge('br0', { dummyPorts: 2 });
    const words = ['ovs-ofctl', '-O', 'OpenFlow15', '--bundle', 'add-flows', `unix:${bridge}`, text];
    return await measure({ words, env: lab.env });
  } finally {
    await lab.stop();
  }
}
