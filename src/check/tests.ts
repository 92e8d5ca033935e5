/** `test` blocks: packets in, expected output out. Checked now, run by a later version. */
import type { Block, CommandStatement, FlowDecl, Statement, TestDecl } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/bridge.ts';
import { reservedPort } from '../openflow/ports.ts';
import { checkMatch } from './match.ts';
import { propertyName, readProperties } from './properties.ts';
import { report } from './report.ts';
import type { Reporter } from './report.ts';
import { stateOfMatch } from './state.ts';
import type { PacketState } from './state.ts';
import type { FlowContext, Scope } from './types.ts';
import { evaluateForField, evaluatePort, resolveField } from './values.ts';

interface TestContext extends Reporter {
  readonly scope: Scope;
}

const BLOCKS = ['packet', 'expect'] as const;

/** A test: a packet by its fields, and what should come of it. */
export function checkTest(ctx: TestContext, decl: TestDecl): void {
  if (decl.body === null) return;
  const p = readProperties(ctx, decl.body.statements, 'a test', [], BLOCKS);
  const [packet, expected] = BLOCKS.map((name) => {
    const statement = p.block(name);
    const tried = decl.body?.statements.some((s) => propertyName(s) === name) === true;
    if (statement === undefined && !tried)
      report(ctx, codes.testWithout, { block: name }, decl.name?.span ?? decl.keyword);
    return statement?.block;
  });
  if (packet == null) return;
  const flowCtx: FlowContext = { ...ctx, table: null, flow: pretend(decl, packet) };
  const match = checkMatch(flowCtx, packet);
  if (expected == null || !match.sound) return;
  const state = stateOfMatch(match.fields);
  for (const s of expected.statements) expectation(flowCtx, s, state);
}

/** A packet is checked as a match is, which wants a flow around it. */
function pretend(decl: TestDecl, packet: Block): FlowDecl {
  const { keyword, span } = decl;
  return {
    kind: 'flow',
    keyword,
    doc: null,
    name: null,
    attributes: [],
    matches: [packet],
    actions: [],
    body: packet.span,
    span,
  };
}

/** `drop`, `output PORT`, `controller` or another reserved port, those that send with fields in braces or without. */
function expectation(ctx: FlowContext, s: Statement, state: PacketState): void {
  if (s.kind === 'relation' || !sends(s)) {
    report(ctx, codes.notExpected, { what: propertyName(s) }, s.span);
    return;
  }
  if (s.operand !== null) evaluatePort(ctx, s.operand, 'output');
  for (const f of s.block?.statements ?? []) {
    if (f.kind !== 'relation' || f.operator !== '=' || f.target.kind !== 'name') {
      report(ctx, codes.notExpected, { what: propertyName(f) }, f.span);
      continue;
    }
    const resolved = resolveField(ctx, f.target, state);
    if (resolved !== null) evaluateForField(ctx, f.value, resolved, 'match');
  }
}

function sends({ name, args, operand, block }: CommandStatement): boolean {
  if (args !== null) return false;
  if (operand !== null) return name.text === 'output';
  if (name.text === 'drop') return block === null;
  return reservedPort(name.text)?.output === true;
}
