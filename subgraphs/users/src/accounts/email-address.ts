import { domainToASCII } from 'node:url';

/** Octets, RFC 5321 section 4.5.3.1. */
const MAX_LOCAL_PART = 64;
const MAX_ADDRESS = 254;

/** What may stand between the dots of a local part: RFC 5322 atoms, and beyond ASCII RFC 6531. No quoted strings. */
const ATOM = /^[^\s\p{C}()<>[\]\\,;:@"]+$/u;
/** A host name with a top-level domain, so neither an IP address nor a name of the local network. */
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
/** `domainToASCII` reads what stands in a URL, so it would decode these or end at them. */
const NOT_IN_A_DOMAIN = /[\s\p{C}%/?#\\:@[\]]/u;

/**
 * The one spelling under which an address is known: trimmed, in lower case, Unicode in NFC, the
 * domain as IDNA 2008 writes it in ASCII. `a+b@` and dots stay: they are other mailboxes for all
 * that we know. Null for what is no address.
 */
export function normaliseEmail(text: string): string | null {
  const [local = '', domainText = '', ...rest] = text.trim().toLowerCase().normalize('NFC').split('@');
  if (rest.length > 0 || NOT_IN_A_DOMAIN.test(domainText)) return null;
  const domain = domainToASCII(domainText);
  const address = `${local}@${domain}`;
  const isAddress = isLocalPart(local) && DOMAIN.test(domain) && Buffer.byteLength(address) <= MAX_ADDRESS;
  return isAddress ? address : null;
}

function isLocalPart(local: string): boolean {
  return Buffer.byteLength(local) <= MAX_LOCAL_PART && local.split('.').every((atom) => ATOM.test(atom));
}
