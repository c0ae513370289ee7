import { BlockList, isIP } from 'node:net';

/** Whether a text is an IP address or a CIDR block, IPv4 or IPv6 (RFC 4632, RFC 4291): `192.0.2.0/24`, `2001:db8::1`. */
export function isAddressOrBlock(text: string): boolean {
  try {
    addTo(new BlockList(), text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether an address is one of these addresses, or lies in one of these blocks. An IPv4 address is the same one
 * written as IPv6 (`::ffff:192.0.2.1`), on either side.
 * @throws Error when an element is neither an address nor a block.
 */
export function isWithin(address: string, addressesAndBlocks: readonly string[]): boolean {
  const [bare = ''] = address.split('%');
  const list = new BlockList();
  for (const element of addressesAndBlocks) addTo(list, element);
  const version = isIP(bare);
  return version !== 0 && list.check(bare, familyOf(version));
}

function addTo(list: BlockList, text: string): void {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) throw new Error(`not an address or block: ${text}`);
  if (prefix === undefined) list.addAddress(address, familyOf(version));
  else list.addSubnet(address, /^\d+$/.test(prefix) ? Number(prefix) : NaN, familyOf(version));
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
