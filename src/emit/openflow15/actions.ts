/** Actions as bytes of OpenFlow 1.5, in the forms that `ovs-ofctl -O OpenFlow15` chooses. */
import type { ByteWriter } from '../../ir/bytes.ts';
import { hasExperimenterHeader, writeField, writeHeader } from '../../ir/oxm.ts';
import type { Action, ControllerReason, Nat, SubfieldRef } from '../../ir/types.ts';

/** OFPAT_* (OpenFlow 1.5.1 §7.2.6). */
const OFPAT = {
  output: 0,
  dec_mpls_ttl: 16,
  push_vlan: 17,
  pop_vlan: 18,
  push_mpls: 19,
  pop_mpls: 20,
  set_queue: 21,
  group: 22,
  dec_ttl: 24,
  set_field: 25,
  copy_field: 28,
  meter: 29,
} as const;

/** NXAST_*: subtypes of Nicira's experimenter action. */
const NXAST = {
  pop_queue: 5,
  note: 8,
  resubmit_table: 14,
  output_reg: 15,
  exit: 17,
  fin_timeout: 19,
  controller: 20,
  dec_ttl_cnt_ids: 21,
  stack_push: 27,
  stack_pop: 28,
  output_reg2: 32,
  conjunction: 34,
  ct: 35,
  nat: 36,
  controller2: 37,
  output_trunc: 39,
  clone: 42,
  ct_clear: 43,
  resubmit_table_ct: 44,
  dec_nsh_ttl: 48,
  check_pkt_larger: 49,
  delete_field: 50,
} as const;

const NICIRA = 0x2320;
const OFPP_CONTROLLER = 0xfffffffd;
const OFPP_IN_PORT_16 = 0xfff8;
/** max_len that asks for whole packets. */
const WHOLE_PACKET = 0xffff;

const REASONS: Readonly<Record<ControllerReason, number>> = {
  no_match: 0,
  action: 1,
  invalid_ttl: 2,
  action_set: 3,
  group: 4,
  packet_out: 5,
};

/** Writes a list of actions, each padded to 8 bytes. */
export function writeActions(writer: ByteWriter, actions: readonly Action[]): void {
  for (const action of actions) writeAction(writer, action);
}

/** `body` between a header and the padding, the length filled in afterwards. */
function standard(writer: ByteWriter, type: number, body: () => void): void {
  const start = writer.length;
  writer.u16(type);
  writer.u16(0);
  body();
  writer.pad8(start);
  writer.setU16(start + 2, writer.length - start);
}

function nicira(writer: ByteWriter, subtype: number, body: () => void = () => undefined): void {
  standard(writer, 0xffff, () => {
    writer.u32(NICIRA);
    writer.u16(subtype);
    body();
  });
}

/** ofs_nbits of OVS: the offset in 10 bits, the width less one in 6. */
const offsetAndWidth = ({ offset, bits }: SubfieldRef): number => (offset << 6) | (bits - 1);

function output(writer: ByteWriter, port: number, maxLen: number): void {
  standard(writer, OFPAT.output, () => {
    writer.u32(port);
    writer.u16(maxLen);
  });
}

function number(writer: ByteWriter, type: number, value: number): void {
  standard(writer, type, () => writer.u32(value));
}

function ethertype(writer: ByteWriter, type: number, value: number): void {
  standard(writer, type, () => writer.u16(value));
}

function writeAction(writer: ByteWriter, action: Action): void {
  switch (action.kind) {
    case 'output':
      return output(writer, action.port, action.maxLen);
    case 'output_reg':
      return outputRegister(writer, action.source, action.maxLen);
    case 'output_trunc':
      return nicira(writer, NXAST.output_trunc, () => {
        writer.u16(action.port & 0xffff);
        writer.u32(action.maxLen);
      });
    case 'controller':
      return controller(writer, action);
    case 'set_field':
      return standard(writer, OFPAT.set_field, () => writeField(writer, action.field, action.value, action.mask));
    case 'move':
      return standard(writer, OFPAT.copy_field, () => {
        writer.u16(action.source.bits);
        writer.u16(action.source.offset);
        writer.u16(action.destination.offset);
        writer.u16(0);
        writeHeader(writer, action.source.field);
        writeHeader(writer, action.destination.field);
      });
    case 'push':
      return stack(writer, NXAST.stack_push, action.source);
    case 'pop':
      return stack(writer, NXAST.stack_pop, action.destination);
    case 'group':
      return number(writer, OFPAT.group, action.id);
    case 'meter':
      return number(writer, OFPAT.meter, action.id);
    case 'set_queue':
      return number(writer, OFPAT.set_queue, action.queue);
    case 'pop_queue':
      return nicira(writer, NXAST.pop_queue);
    case 'enqueue':
      // OFPAT_ENQUEUE went with OpenFlow 1.0; OVS sends what it meant.
      number(writer, OFPAT.set_queue, action.queue);
      output(writer, action.port, WHOLE_PACKET);
      return nicira(writer, NXAST.pop_queue);
    case 'push_vlan':
      return ethertype(writer, OFPAT.push_vlan, action.ethertype);
    case 'pop_vlan':
      return standard(writer, OFPAT.pop_vlan, () => undefined);
    case 'push_mpls':
      return ethertype(writer, OFPAT.push_mpls, action.ethertype);
    case 'pop_mpls':
      return ethertype(writer, OFPAT.pop_mpls, action.ethertype);
    case 'dec_ttl':
      return decTtl(writer, action.controllers);
    case 'dec_mpls_ttl':
      return standard(writer, OFPAT.dec_mpls_ttl, () => undefined);
    case 'dec_nsh_ttl':
      return nicira(writer, NXAST.dec_nsh_ttl);
    case 'resubmit':
      return nicira(writer, action.ct ? NXAST.resubmit_table_ct : NXAST.resubmit_table, () => {
        writer.u16(action.port ?? OFPP_IN_PORT_16);
        writer.u8(action.table ?? 0xff);
      });
    case 'ct':
      return ct(writer, action);
    case 'ct_clear':
      return nicira(writer, NXAST.ct_clear);
    case 'clone':
      return nicira(writer, NXAST.clone, () => {
        writer.zeros(6);
        writeActions(writer, action.actions);
      });
    case 'fin_timeout':
      return nicira(writer, NXAST.fin_timeout, () => {
        writer.u16(action.idle);
        writer.u16(action.hard);
      });
    case 'check_pkt_larger':
      return nicira(writer, NXAST.check_pkt_larger, () => {
        writer.u16(action.size);
        writer.u16(action.destination.offset);
        writeHeader(writer, action.destination.field);
        if (!hasExperimenterHeader(action.destination.field)) writer.zeros(4);
      });
    case 'delete_field':
      return nicira(writer, NXAST.delete_field, () => {
        writeHeader(writer, action.field);
        writer.zeros(10);
      });
    case 'conjunction':
      return nicira(writer, NXAST.conjunction, () => {
        writer.u8(action.clause - 1);
        writer.u8(action.clauses);
        writer.u32(action.id);
      });
    case 'note':
      return nicira(writer, NXAST.note, () => writer.bytes(action.bytes));
    case 'exit':
      return nicira(writer, NXAST.exit);
  }
}

function outputRegister(writer: ByteWriter, source: SubfieldRef, maxLen: number): void {
  if (hasExperimenterHeader(source.field, 'NXM')) {
    return nicira(writer, NXAST.output_reg2, () => {
      writer.u16(offsetAndWidth(source));
      writer.u16(maxLen);
      writeHeader(writer, source.field, 'NXM');
    });
  }
  return nicira(writer, NXAST.output_reg, () => {
    writer.u16(offsetAndWidth(source));
    writeHeader(writer, source.field, 'NXM');
    writer.u16(maxLen);
    writer.zeros(6);
  });
}

/** Three forms: a plain output, NXAST_CONTROLLER, and NXAST_CONTROLLER2 for what that cannot say. */
function controller(writer: ByteWriter, action: Extract<Action, { kind: 'controller' }>): void {
  const { maxLen, reason, id, userdata, pause, meterId } = action;
  if (userdata === null && !pause && meterId === null) {
    if (reason === 'action' && id === 0) return output(writer, OFPP_CONTROLLER, maxLen);
    return nicira(writer, NXAST.controller, () => {
      writer.u16(maxLen);
      writer.u16(id);
      writer.u8(REASONS[reason]);
    });
  }
  const property = (type: number, length: number, body: () => void): void => {
    const start = writer.length;
    writer.u16(type);
    writer.u16(length);
    body();
    writer.pad8(start);
  };
  return nicira(writer, NXAST.controller2, () => {
    writer.zeros(6);
    if (maxLen !== WHOLE_PACKET) property(0, 6, () => writer.u16(maxLen));
    if (id !== 0) property(1, 6, () => writer.u16(id));
    if (reason !== 'action') property(2, 5, () => writer.u8(REASONS[reason]));
    if (userdata !== null) property(3, 4 + userdata.length, () => writer.bytes(userdata));
    if (pause) property(4, 4, () => undefined);
    if (meterId !== null) property(5, 8, () => writer.u32(meterId));
  });
}

function stack(writer: ByteWriter, subtype: number, subfield: SubfieldRef): void {
  nicira(writer, subtype, () => {
    writer.u16(subfield.offset);
    writeHeader(writer, subfield.field);
    writer.u16(subfield.bits);
  });
}

function decTtl(writer: ByteWriter, controllers: readonly number[]): void {
  if (controllers.length === 0) return standard(writer, OFPAT.dec_ttl, () => undefined);
  return nicira(writer, NXAST.dec_ttl_cnt_ids, () => {
    writer.u16(controllers.length);
    writer.zeros(4);
    for (const id of controllers) writer.u16(id);
  });
}

function ct(writer: ByteWriter, action: Extract<Action, { kind: 'ct' }>): void {
  const { zone } = action;
  nicira(writer, NXAST.ct, () => {
    writer.u16((action.commit ? 1 : 0) | (action.force ? 2 : 0));
    if (zone !== null && typeof zone === 'object') {
      writeHeader(writer, zone.field, 'NXM');
      writer.u16(offsetAndWidth(zone));
    } else {
      writer.u32(0);
      writer.u16(zone ?? 0);
    }
    writer.u8(action.table ?? 0xff);
    writer.zeros(3);
    writer.u16(action.alg);
    if (action.nat !== null) nat(writer, action.nat);
    writeActions(writer, action.exec);
  });
}

/** Bits of range_present. */
const RANGE = { ipv4Min: 1, ipv4Max: 2, ipv6Min: 4, ipv6Max: 8, portMin: 16, portMax: 32 } as const;

function nat(writer: ByteWriter, action: Nat): void {
  const { direction, family, addresses, ports } = action;
  const flags =
    (direction === 'src' ? 1 : direction === 'dst' ? 2 : 0) |
    (action.persistent ? 4 : 0) |
    (action.hash ? 8 : 0) |
    (action.random ? 16 : 0);
  let present = 0;
  if (addresses !== null) {
    present |= family === 6 ? RANGE.ipv6Min : RANGE.ipv4Min;
    if (addresses.max !== null) present |= family === 6 ? RANGE.ipv6Max : RANGE.ipv4Max;
  }
  if (ports !== null) present |= RANGE.portMin | (ports.max === null ? 0 : RANGE.portMax);
  nicira(writer, NXAST.nat, () => {
    writer.zeros(2);
    writer.u16(flags);
    writer.u16(present);
    const bytes = family === 6 ? 16 : 4;
    if (addresses !== null) {
      writer.uint(addresses.min, bytes);
      if (addresses.max !== null) writer.uint(addresses.max, bytes);
    }
    if (ports !== null) {
      writer.u16(ports.min);
      if (ports.max !== null) writer.u16(ports.max);
    }
  });
}
