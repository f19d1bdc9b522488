// Base32 as ERIS writes it (RFC 4648, section 6): upper case, no padding, one spelling per value.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function encodeBase32(bytes) {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) {
      text += ALPHABET[(buffer >>> (bits - 5)) & 31];
    }
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

/**
 * @throws RangeError for any other character, a length that no bytes have, or trailing bits that are
 *     not zero. The message tells where, never what: it may be a secret.
 */
export function decodeBase32(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  if (Math.ceil((bytes.length * 8) / 5) !== text.length) {
    throw new RangeError(`${text.length} characters are no whole bytes`);
  }
  let buffer = 0;
  let bits = 0;
  let next = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = ALPHABET.indexOf(text[i]);
    if (digit < 0) {
      throw new RangeError(`character ${i + 1} is not base32`);
    }
    buffer = ((buffer << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[next++] = buffer >>> bits;
    }
  }
  if ((buffer & ((1 << bits) - 1)) !== 0) {
    throw new RangeError("trailing bits are not zero");
  }
  return bytes;
}
