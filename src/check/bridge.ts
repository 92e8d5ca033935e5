/** `bridge` and `test` blocks: checked now, provisioned and run by later versions. */
import type {
  Block,
  BridgeDecl,
  CommandStatement,
  Expr,
  FlowDecl,
  Statement,
  TestDecl,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/bridge.ts';
import { badPropertyValue } from '../diagnostics/codes/program.ts';
import { reservedPort } from '../openflow/ports.ts';
import { checkMatch } from './match.ts';
import { elements, readProperties, word } from './properties.ts';
import { report } from './report.ts';
import type { Reporter } from './report.ts';
import { stateOfMatch } from './state.ts';
import type { FlowContext, Scope } from './types.ts';
import { evaluateForField, evaluatePort, resolveField } from './values.ts';

interface Context extends Reporter {
  readonly scope: Scope;
}

const PROTOCOLS = [
  'OpenFlow10',
  'OpenFlow11',
  'OpenFlow12',
  'OpenFlow13',
  'OpenFlow14',
  'OpenFlow15',
] as const;
const BOOLEAN = ['true', 'false'] as const;
const ENDPOINT =
  /^((tcp|ssl):(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(:\d{1,5})?|(ptcp|pssl):(\d{1,5})?(:\S+)?|p?unix:\S+)$/;

/** What ovs-vsctl calls the same things: Bridge, Controller and Interface of ovs-vswitchd.conf.db(5). */
export function checkBridge(ctx: Context, decl: BridgeDecl): void {
  const blocks = decl.attributes.filter(
    (s): s is CommandStatement => s.kind === 'command' && s.block !== null,
  );
  const rest = decl.attributes.filter((s) => s.kind !== 'command' || s.block === null);
  const p = readProperties(ctx, rest, 'a bridge', [
    'datapath',
    'datapath_id',
    'protocols',
    'fail_mode',
    'in_band',
    'controller',
    'controllers',
    'dpdk',
    'options',
  ]);
  const get = (name: string): Expr | undefined => p.get(name)?.value;
  const datapath = get('datapath');
  if (datapath !== undefined) word(ctx, 'datapath', datapath, ['netdev', 'system']);
  const protocols = get('protocols');
  if (protocols !== undefined) checkProtocols(ctx, protocols);
  const failMode = get('fail_mode');
  const mode = failMode === undefined ? null : word(ctx, 'fail_mode', failMode, ['secure', 'standalone']);
  const inBand = get('in_band');
  const band = inBand === undefined ? null : word(ctx, 'in_band', inBand, BOOLEAN);
  const dpid = get('datapath_id');
  if (
    dpid !== undefined &&
    !(dpid.kind === 'string' && /^(0x)?[0-9a-fA-F]{1,16}$/.test(dpid.value)) &&
    dpid.kind !== 'int'
  ) {
    report(
      ctx,
      badPropertyValue,
      { name: 'datapath_id', allowed: '16 hexadecimal digits in quotes' },
      dpid.span,
    );
  }
  const controller = get('controller') ?? get('controllers');
  if (controller !== undefined) {
    for (const e of elements(controller)) {
      if (e.kind !== 'missing' && !(e.kind === 'string' && ENDPOINT.test(e.value)))
        report(ctx, codes.badEndpoint, {}, e.span);
    }
    const at = p.get('controller')?.span ?? p.get('controllers')?.span ?? decl.name.span;
    if (band === 'true' || inBand === undefined)
      report(ctx, codes.inBand, {}, inBand?.span ?? at, { help: 'write `in_band = false`' });
    if (mode === 'standalone' || failMode === undefined) {
      report(ctx, codes.standalone, {}, failMode?.span ?? at, { help: 'write `fail_mode = secure`' });
    }
  }
  for (const block of blocks) checkOptions(ctx, block);
  for (const port of decl.ports) {
    const statements = port.body?.statements ?? [];
    const options = statements.filter((s): s is CommandStatement => s.kind === 'command' && s.block !== null);
    const plain = statements.filter((s) => s.kind !== 'command' || s.block === null);
    readProperties(ctx, plain, 'a port', ['type', 'mtu', 'mac', 'tag', 'trunks', 'vlan_mode']);
    for (const block of options) checkOptions(ctx, block);
  }
}

function checkProtocols(ctx: Context, value: Expr): void {
  let has15 = false;
  let sound = true;
  for (const e of elements(value)) {
    const found = word(ctx, 'protocols', e, PROTOCOLS);
    if (found === null) sound = false;
    has15 ||= found === 'OpenFlow15';
  }
  if (sound && !has15 && value.kind !== 'missing')
    report(ctx, codes.noOpenFlow15, {}, value.span, { help: 'add `OpenFlow15`' });
}

/** `options { "key" = value }` and `dpdk { … }`, whose keys are passed on as they are. */
function checkOptions(ctx: Context, block: CommandStatement): void {
  const known = ['options', 'other_config', 'external_ids', 'dpdk'];
  if (!known.includes(block.name.text)) {
    readProperties(ctx, [block], 'a bridge', known);
    return;
  }
  for (const s of block.block?.statements ?? []) {
    if (s.kind === 'relation' && s.operator === '=') continue;
    report(ctx, badPropertyValue, { name: block.name.text, allowed: 'a list of `"key" = value`' }, s.span);
  }
}

/** A test: a packet by its fields, and what should come of it. */
export function checkTest(ctx: Context, decl: TestDecl): void {
  if (decl.body === null) return;
  const block = (name: string): Block | null => {
    const found = decl.body?.statements.find((s) => s.kind === 'command' && s.name.text === name);
    if (found?.kind === 'command' && found.block !== null) return found.block;
    report(ctx, codes.testWithout, { block: name }, decl.name?.span ?? decl.keyword);
    return null;
  };
  const packet = block('packet');
  const expect = block('expect');
  const others = decl.body.statements.filter(
    (s) => !(s.kind === 'command' && (s.name.text === 'packet' || s.name.text === 'expect')),
  );
  readProperties(ctx, others, 'a test', ['packet', 'expect']);
  if (packet === null) return;
  const flowCtx: FlowContext = { ...ctx, table: null, flow: pretend(decl, packet) };
  const match = checkMatch(flowCtx, packet);
  if (expect !== null && match.sound) {
    const state = stateOfMatch(match.fields);
    for (const s of expect.statements) checkExpectation(flowCtx, s, state);
  }
}

/** A test's packet is checked as a match is, which wants a flow around it. */
function pretend(decl: TestDecl, packet: Block): FlowDecl {
  return {
    kind: 'flow',
    keyword: decl.keyword,
    doc: null,
    name: null,
    attributes: [],
    matches: [packet],
    actions: [],
    body: packet.span,
    span: decl.span,
  };
}

function checkExpectation(ctx: FlowContext, s: Statement, state: ReturnType<typeof stateOfMatch>): void {
  if (s.kind === 'command' && s.args === null) {
    const { name, operand, block } = s;
    const bare = name.text === 'drop' || reservedPort(name.text) !== undefined;
    if (operand === null ? bare : name.text === 'output') {
      if (operand !== null) evaluatePort(ctx, operand, 'output');
      for (const f of block?.statements ?? []) {
        if (f.kind !== 'relation' || f.operator !== '=' || f.target.kind !== 'name') {
          report(ctx, codes.notExpected, { what: f.kind === 'command' ? f.name.text : f.operator }, f.span);
          continue;
        }
        const resolved = resolveField(ctx, f.target, state);
        if (resolved !== null) evaluateForField(ctx, f.value, resolved, 'match');
      }
      return;
    }
  }
  const what =
    s.kind === 'command'
      ? s.name.text
      : s.target.kind === 'name'
        ? (s.target.path[0]?.text ?? '')
        : s.target.value;
  report(ctx, codes.notExpected, { what }, s.span);
}
