/**
 * Random programs with sets, ranges, negation and alternatives, crossed and as conjunctions: a real switch finds for every
 * packet the flow that the source says.
 */
import fc from 'fast-check';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emitFlows } from '../../../src/emit/flows.ts';
import { compile, type Compilation } from '../../../src/project/compile.ts';
import { startSwitch, type Lab } from '../../lab/switch.ts';
import { flow, matches, packet, show, type Flow, type Packet } from './arbitrary.ts';

const PROGRAMS = 30;
const FLOWS = 3;
const PACKETS = 40;
/** The flows of a program say which of them it was by this port and the following ones. */
const FIRST_PORT = 11;

/** `ovs-appctl` without a process for each question: JSON-RPC on the switch's control socket. */
class Control {
  private readonly socket: Socket;
  private received = '';
  private waiting: ((text: string) => void) | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.received += chunk.toString();
      if (this.received.endsWith('}')) this.answer();
    });
  }

  static async open(path: string): Promise<Control> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Control(socket);
  }

  private answer(): void {
    let result: { result: string | null; error: string | null };
    try {
      result = JSON.parse(this.received) as typeof result;
    } catch {
      return;
    }
    this.received = '';
    this.waiting?.(result.result ?? `error: ${result.error}`);
  }

  ask(method: string, ...params: string[]): Promise<string> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.socket.write(JSON.stringify({ id: 0, method, params }));
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

let lab: Lab;
let control: Control;
beforeAll(async () => {
  lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: FIRST_PORT + FLOWS });
  control = await Control.open(`${lab.dir}/ovs-vswitchd.${lab.pid()}.ctl`);
});
afterAll(async () => {
  control.close();
  await lab.stop();
});

type Expand = 'cross' | 'conjunction' | null;

function source(table: number, flows: readonly Flow[], forced: readonly Expand[]): string {
  const lines = flows.map((f, i) => {
    const expand = forced[i] === null ? '' : `expand = ${forced[i]}; `;
    const masks = f.overlapping ? 'masks = overlapping; ' : '';
    return `  flow f${i} { priority = ${100 - i}; ${expand}${masks}${show(f)} action { output ${FIRST_PORT + i} } }`;
  });
  return `program p { max_expansion = 400 }\ntable t = ${table} { miss = drop\n${lines.join('\n')}\n}\n`;
}

/** Values that are left out altogether, terms that exclude each other. */
const NEVER = ['WBF3301', 'WBF3308'];
/** These, a field with one value twice, and more flows than are worth a test. */
const LEFT_OUT = [...NEVER, 'WBF3003', 'WBF3309'];

function compiled(
  table: number,
  flows: readonly Flow[],
  expand: Expand,
): Compilation & { readonly text: string } {
  let forced: Expand[] = flows.map(() => expand);
  for (;;) {
    const text = source(table, flows, forced);
    const result = compile({ path: 'p.wbf', text });
    // Where there are no two sets, there is no conjunction.
    const lines = text.split('\n');
    const refused = result.diagnostics
      .filter((d) => d.code === 'WBF3310')
      .map((d) => text.slice(0, d.place.start).split('\n').length - 3);
    if (refused.length === 0 || lines.length === 0) return { ...result, text };
    forced = forced.map((f, i) => (refused.includes(i) ? null : f));
  }
}

function traced(table: number, p: Packet): string {
  const tag =
    p.vlan === null ? 'vlan_tci=0' : `vlan_tci=0x${((p.vlan.pcp << 13) | 0x1000 | p.vlan.vid).toString(16)}`;
  const ports =
    p.protocol === 'icmp'
      ? `icmp_type=${p.sport},icmp_code=${p.dport}`
      : `${p.protocol}_src=${p.sport},${p.protocol}_dst=${p.dport}`;
  const hex = (v: number): string => v.toString(16).padStart(2, '0');
  return [
    `in_port=${p.inPort}`,
    tag,
    `dl_src=02:${hex(p.reg)}:${hex(p.meta)}:00:00:01`,
    `dl_dst=02:00:00:00:00:${hex(table)}`,
    p.protocol,
    `nw_src=10.0.0.${p.src},nw_dst=10.0.0.${p.dst}`,
    `nw_tos=${p.dscp << 2},nw_ecn=${p.ecn},nw_ttl=64`,
    ports,
  ].join(',');
}

test('what matches on the switch is what the source says', { timeout: 120_000 }, async () => {
  const seed = Number(process.env['WBFC_SEED'] ?? Date.now() % 1_000_000_007);
  const say = (what: string): string => `${what}\n(WBFC_SEED=${seed} repeats it)`;
  const programs = fc.sample(fc.array(flow, { minLength: FLOWS, maxLength: FLOWS }), {
    numRuns: PROGRAMS,
    seed,
  });
  const packets = fc.sample(packet, { numRuns: PROGRAMS * PACKETS, seed: seed + 1 });

  const lines: string[] = [];
  const installed: { readonly table: number; readonly flows: readonly Flow[]; readonly text: string }[] = [];
  let conjunctions = 0;
  let table = 0;
  for (const drawn of programs) {
    // What never matches is an error, and the judge says so, too.
    const flows = drawn.filter((f) => {
      const { diagnostics } = compile({ path: 'p.wbf', text: source(1, [f], ['cross']) });
      const errors = diagnostics.filter((d) => d.severity === 'error');
      const unlike = errors.filter((d) => !LEFT_OUT.includes(d.code));
      if (unlike.length > 0) throw new Error(say(`${show(f)}\n${unlike.map((d) => d.message).join('\n')}`));
      // An alternative that never matches is an error, even where another one does.
      if (f.matches.length === 1 && errors.some((d) => NEVER.includes(d.code)))
        expect(
          packets.some((p) => matches(f, p)),
          say(show(f)),
        ).toBe(false);
      return errors.length === 0;
    });
    for (const expand of ['cross', 'conjunction', null] as const) {
      table++;
      const { program, text, diagnostics, expansions } = compiled(table, flows, expand);
      const errors = diagnostics.filter((d) => d.severity === 'error');
      if (program === null) throw new Error(say(`${text}${errors.map((d) => d.message).join('\n')}`));
      if (expand === 'conjunction')
        conjunctions += expansions.filter((e) => e.method === 'conjunction').length;
      lines.push(emitFlows(program, { names: false }));
      const to = `reg0[0..7],move:NXM_OF_ETH_SRC[24..31]->OXM_OF_METADATA[4..11],goto_table:${table}`;
      lines.push(
        `table=0,dl_dst=02:00:00:00:00:${table.toString(16).padStart(2, '0')} actions=move:NXM_OF_ETH_SRC[32..39]->NXM_NX_${to.replace('reg0', 'REG0')}\n`,
      );
      installed.push({ table, flows, text });
    }
  }
  await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', '-', { input: lines.join(''), check: true });
  // A test of nothing would pass, too.
  expect(conjunctions).toBeGreaterThan(PROGRAMS / 3);

  let hits = 0;
  for (const [i, { table: at, flows, text }] of installed.entries()) {
    const from = Math.floor(i / 3) * PACKETS;
    for (const p of packets.slice(from, from + PACKETS)) {
      const wanted = flows.findIndex((f) => matches(f, p));
      if (wanted >= 0) hits++;
      const answer = await control.ask('ofproto/trace', 'br0', traced(at, p));
      const actions = /Datapath actions: (.*)/.exec(answer)?.[1];
      const out = /(?:^|,)(\d+)$/.exec(actions ?? '')?.[1];
      const found = actions === 'drop' ? -1 : portOf(answer);
      if (found !== wanted || (out === undefined && found !== -1))
        throw new Error(say(`${text}${JSON.stringify(p)}\nwanted ${wanted}, found ${found}\n${answer}`));
    }
  }
  expect(hits).toBeGreaterThan(packets.length / 20);
});

/** Which flow it was, by the output that the trace shows. */
function portOf(answer: string): number {
  const port = /\boutput:(\d+)/.exec(answer)?.[1];
  return port === undefined ? -2 : Number(port) - FIRST_PORT;
}
