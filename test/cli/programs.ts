/** Small programs for the tests of the command line and the editor. */
export const GOOD = `program good { id = 0x00a01 }
const self_ip = 10.11.22.26
table ingress = 0 {
  miss = drop
  flow ping {
    priority = 11
    match { icmp; ip_dst = self_ip; icmp_type = echo_request }
    action { output in_port }
  }
}
`;

/** `GOOD` without its `icmp`: one error, WBF3001. */
export const BAD = GOOD.replace('icmp; ', '');
