/**
 * The `action` block of a flow: from statements to instructions.
 *
 * Statements are looked at in order, and with them goes what is known of the packet (`state.ts`), as the switch
 * does it when it accepts a flow (seen on OVS 3.1.0). The syntax of every statement is in the doc comment of the
 * function that checks it; the names are those of ovs-actions(7), with these differences:
 *
 * | here | ovs-actions(7) |
 * |---|---|
 * | `field = value`, `field = value/mask`, `field[a..b] = value` | `set_field`, `load`, `mod_…`, `set_tunnel`, … |
 * | `field = field` | `move` |
 * | `field[n] = check_pkt_larger(1500)` | `check_pkt_larger(1500)->field[n]` |
 * | `goto acl` | `goto_table:1` |
 * | `output x`, `group 5`, `note "01.02"` | `output:x`, `group:5`, `note:01.02` |
 * | `field = multipath(fields = eth_src, …)`, `field = bundle_load(…)` | `multipath(eth_src,…,field)`, `bundle_load(…)` |
 * | `learn(table = 1) { match { eth_dst = pkt.eth_src } action { output pkt.in_port } }` | `learn(table=1,eth_dst=eth_src,output:in_port)` |
 * | `ct(commit) { ct_mark = 1 }` | `ct(commit,exec(set_field:1->ct_mark))` |
 * | `clone { … }`, `write_actions { … }` | `clone(…)`, `write_actions(…)` |
 *
 * What is written with one value may have it in parentheses too: `group(5)`, `set_queue(queue = 2)`.
 */
import type { Block } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Instructions } from '../ir/types.ts';
import { readArguments } from './action-args.ts';
import { InstructionList, isInstruction } from './action-instructions.ts';
import { ActionList, isEmpty } from './action-list.ts';
import { afterExit, company, isKnown, nestedBlock, statement } from './action-statements.ts';
import { replaceFix } from './report.ts';
import type { CheckedMatch, FlowContext } from './types.ts';

/** What the flow does; null when something about it has been reported as an error. */
export function checkActions(ctx: FlowContext, match: CheckedMatch, block: Block): Instructions | null {
  const { instructions, sound } = lowerActions(ctx, match, block);
  return sound ? instructions : null;
}

/**
 * The same, with what could be made of a block in error: actions that can be expressed and must not be done here are
 * in it. For tests that show what the switch says to them.
 */
export function lowerActions(
  ctx: FlowContext,
  match: CheckedMatch,
  block: Block,
): { readonly instructions: Instructions; readonly sound: boolean } {
  const list = new ActionList(ctx, match);
  const instructions = new InstructionList(list, nestedBlock);
  if (isEmpty(block)) {
    const end = { start: block.span.end - 1, end: block.span.end - 1 };
    list.error(codes.noActions, {}, block.span, {
      fixes: [replaceFix(ctx, 'Write `drop`', end, 'drop ')],
    });
  }
  for (const s of block.statements) {
    afterExit(list, s);
    const name = s.kind === 'command' ? s.name.text : '';
    if (s.kind === 'command' && name === 'drop') drop(list, block, s);
    else {
      if (isKnown(s)) instructions.inOrder(s);
      if (s.kind === 'command' && isInstruction(name)) instructions.add(s);
      else statement(list, s);
    }
  }
  company(list, block);
  list.finish();
  return { instructions: instructions.finish(), sound: !list.failed && !block.broken };
}

/** `drop` is the absence of actions, so there is nothing else beside it. */
function drop(
  list: ActionList,
  block: Block,
  s: Extract<Block['statements'][number], { kind: 'command' }>,
): void {
  readArguments(list, s, { form: 'drop' });
  const others = block.statements.filter((o) => o !== s);
  const [other] = others;
  if (other === undefined) return;
  if (other.kind === 'command' && other.name.text === 'drop' && other.span.start > s.span.start) return;
  const writes = others.some((o) => o.kind === 'command' && o.name.text === 'write_actions');
  list.error(codes.dropWithCompany, {}, s.span, {
    related: [
      {
        file: list.ctx.file,
        start: other.span.start,
        end: other.span.end,
        message: 'the flow does this too',
      },
    ],
    ...(writes
      ? {
          notes: [
            '`drop` would not empty the action set: what `write_actions` put there is executed at the end',
          ],
        }
      : {}),
    help: 'remove `drop`, or everything else; `clear_actions` takes back what earlier tables have written',
  });
}
