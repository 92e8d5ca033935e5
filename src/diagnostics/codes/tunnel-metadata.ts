/** WBF524x: the map of Geneve's options. */
import { define } from '../define.ts';

export const notATunnelOption = define({
  code: 'WBF5241',
  title: 'Not a mapping of a tunnel option',
  message: () => 'write `tun_metadataN = {class: CLASS, type: TYPE, len: BYTES}`',
  explanation:
    'Each line of `tunnel_metadata` ties one of `tun_metadata0` to `tun_metadata63` to an option of Geneve.',
  example: {
    bad: 'tunnel_metadata { tun_metadata0 = 5 }\n',
    good: 'tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }\n',
  },
});

export const noSuchTunnelField = define<{ name: string }>({
  code: 'WBF5242',
  title: 'Not a tunnel metadata field',
  message: ({ name }) => `\`${name}\` is none of \`tun_metadata0\` to \`tun_metadata63\``,
  switchError: 'NXTTMFC_BAD_FIELD_IDX',
  explanation: 'There are 64 fields for tunnel options.',
  example: {
    bad: 'tunnel_metadata { tun_metadata64 = {class: 1, type: 1, len: 4} }\n',
    good: 'tunnel_metadata { tun_metadata63 = {class: 1, type: 1, len: 4} }\n',
  },
});

export const optionLength = define<{ length: number }>({
  code: 'WBF5243',
  title: 'Length that no option has',
  message: ({ length }) => `the value of an option has 0, 4, 8 … 124 bytes, not ${length}`,
  switchError: 'NXTTMFC_BAD_OPT_LEN',
  explanation: 'Geneve counts the length of an option in words of four bytes, with five bits.',
  example: {
    bad: 'tunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 5} }\n',
    good: 'tunnel_metadata { tun_metadata0 = {class: 1, type: 1, len: 8} }\n',
  },
});

export const fieldMappedTwice = define<{ field: string }>({
  code: 'WBF5244',
  title: 'Field mapped twice',
  message: ({ field }) => `\`${field}\` is mapped already`,
  switchError: 'NXTTMFC_ALREADY_MAPPED',
  explanation: 'A field stands for one option.',
  example: {
    bad: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 4}\n  tun_metadata0 = {class: 1, type: 2, len: 4}\n}\n',
    good: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 4}\n  tun_metadata1 = {class: 1, type: 2, len: 4}\n}\n',
  },
});

export const optionMappedTwice = define<{ class: number; type: number; field: string }>({
  code: 'WBF5245',
  title: 'Option mapped twice',
  message: (p) =>
    `the option of class 0x${p.class.toString(16)} and type 0x${p.type.toString(16)} is \`${p.field}\` already`,
  switchError: 'NXTTMFC_DUP_ENTRY',
  explanation: `An option is one field. The critical bit is the highest bit of the type, and part of it: types 0x01 and 0x81 are two options.`,
  example: {
    bad: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 4}\n  tun_metadata1 = {class: 1, type: 1, len: 4}\n}\n',
    good: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 4}\n  tun_metadata1 = {class: 1, type: 0x81, len: 4}\n}\n',
  },
});

export const optionsTooLong = define<{ bytes: number }>({
  code: 'WBF5246',
  title: 'More options than fit',
  message: ({ bytes }) => `the options have ${bytes} bytes together, and a bridge has room for 256`,
  switchError: 'NXTTMFC_TABLE_FULL',
  explanation: 'Open vSwitch keeps the values of all mapped options of a packet in 256 bytes.',
  example: {
    bad: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 124}\n  tun_metadata1 = {class: 1, type: 2, len: 124}\n  tun_metadata2 = {class: 1, type: 3, len: 12}\n}\n',
    good: 'tunnel_metadata {\n  tun_metadata0 = {class: 1, type: 1, len: 124}\n  tun_metadata1 = {class: 1, type: 2, len: 124}\n  tun_metadata2 = {class: 1, type: 3, len: 8}\n}\n',
  },
});
