/**
 * Instructions (ovs-actions(7), "Instructions"). A switch executes them in a fixed order, whatever the order they are
 * written in: first the actions, then clear_actions, write_actions, write_metadata and goto. Here the order of the
 * source is the order of execution, so any other is an error.
 */
import type { CommandStatement, Span, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action, Instructions } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { missing, readArguments } from './action-args.ts';
import type { ActionList } from './action-list.ts';
import { placeOf } from './report.ts';
import type { ActionBlock } from './action-statements.ts';
import { evaluateForField, evaluateTable } from './values.ts';
import { checkInstructionVersion, checkMetadataVersion } from './versions.ts';

/** In order of execution. */
const INSTRUCTIONS = ['clear_actions', 'write_actions', 'write_metadata', 'goto'] as const;
type InstructionName = (typeof INSTRUCTIONS)[number];

export function isInstruction(name: string): name is InstructionName {
  return (INSTRUCTIONS as readonly string[]).includes(name);
}

export const INSTRUCTION_NAMES: readonly string[] = INSTRUCTIONS;

/** Collects the instructions of one flow. */
export class InstructionList {
  private readonly list: ActionList;
  private readonly block: ActionBlock;
  private readonly seen = new Map<InstructionName, Span>();
  /** The instruction that is executed last among those seen, unless what follows it has been complained about. */
  private last: { readonly name: InstructionName; readonly span: Span } | null = null;
  private clear = false;
  private write: readonly Action[] | null = null;
  private metadata: Instructions['writeMetadata'] = null;
  private target: number | null = null;

  constructor(list: ActionList, block: ActionBlock) {
    this.list = list;
    this.block = block;
  }

  /** To be called for every statement of the flow, in order. */
  inOrder(s: Statement): void {
    const { last, list } = this;
    const name = s.kind === 'command' ? s.name.text : '';
    const rank = isInstruction(name) ? INSTRUCTIONS.indexOf(name) : -1;
    if (
      last === null ||
      rank >= INSTRUCTIONS.indexOf(last.name) ||
      (isInstruction(name) && this.seen.has(name))
    ) {
      return;
    }
    const what = s.kind === 'command' ? `\`${name}\`` : 'this write';
    list.error(codes.executedEarlier, { what, instruction: last.name }, s.span, {
      related: [{ ...placeOf({ file: list.ctx.file, span: last.span }), message: 'executed after it' }],
      help: `move it before \`${last.name}\``,
    });
    // The rest of what stands behind it is the same mistake.
    this.last = null;
  }

  /** One instruction. */
  add(s: CommandStatement): void {
    const { list } = this;
    const name = s.name.text;
    if (!isInstruction(name)) return;
    const before = this.seen.get(name);
    if (before !== undefined) {
      list.error(codes.instructionTwice, { name }, s.span, {
        related: [{ ...placeOf({ file: list.ctx.file, span: before }), message: 'it is here too' }],
      });
    } else {
      this.seen.set(name, s.name.span);
      if (this.last === null || INSTRUCTIONS.indexOf(name) > INSTRUCTIONS.indexOf(this.last.name)) {
        this.last = { name, span: s.name.span };
      }
    }
    if (name !== 'goto') checkInstructionVersion(list.ctx, name, s.name.span);
    const metadata = this.seen.get('write_metadata');
    if (name === 'goto' && metadata !== undefined) checkMetadataVersion(list.ctx, metadata, s.name.span);
    switch (name) {
      case 'clear_actions':
        this.clear = readArguments(list, s, { form: name }).sound;
        break;
      case 'write_actions':
        this.writeActions(s);
        break;
      case 'write_metadata':
        this.writeMetadata(s);
        break;
      case 'goto':
        this.goto(s);
    }
  }

  finish(): Instructions {
    return {
      apply: this.list.actions,
      clear: this.clear,
      write: this.write,
      writeMetadata: this.metadata,
      goto: this.target,
    };
  }

  /** `write_actions { … }` */
  private writeActions(s: CommandStatement): void {
    const { block, sound } = readArguments(this.list, s, { block: 'required', form: 'write_actions { … }' });
    if (block === null || !sound) return;
    const inner = this.list.nested('write');
    this.block(inner, block, s.name.text);
    this.write = inner.actions;
  }

  /** `write_metadata 0x10/0xf0` */
  private writeMetadata(s: CommandStatement): void {
    const { list } = this;
    const form = 'write_metadata VALUE or write_metadata VALUE/MASK';
    const args = readArguments(list, s, { values: ['value'], positional: 1, form });
    const expr = args.value('value');
    if (expr === undefined) {
      if (args.sound) missing(list, s, 'a value', form);
      return;
    }
    const { span } = s.name;
    const node = { kind: 'name', path: [{ text: 'metadata', span }], subfield: null, span } as const;
    const value = evaluateForField(
      list.ctx,
      expr,
      { field: field('metadata'), subfield: null, node },
      'instruction',
    );
    if (value === null) {
      list.fail();
      return;
    }
    if (value.mask === 0n) list.warn(codes.writesNothing, { field: 'metadata' }, expr.span);
    this.metadata = value;
  }

  /** `goto acl` */
  private goto(s: CommandStatement): void {
    const { list } = this;
    const form = 'goto TABLE';
    const args = readArguments(list, s, { values: ['table'], positional: 1, form });
    const expr = args.value('table');
    if (expr === undefined) {
      if (args.sound) missing(list, s, 'a table', form);
      return;
    }
    // The switch takes any number here, even those of no table.
    const table = evaluateTable(list.ctx, expr, { last: 0xff });
    if (table === null) {
      list.fail();
      return;
    }
    this.target = table;
    const from = list.ctx.table;
    if (from === null || table > from) return;
    list.error(codes.gotoBackwards, { from, to: table }, expr.span, {
      ...(table === from ? {} : { help: '`resubmit(,TABLE)` can go backwards, and comes back' }),
    });
  }
}
