import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/*
 * An API key is secret: `sk_` for merchants or `ok_` for operators, 30 random letters and digits (178 bits), and 6 for the CRC-32 of those
 * 30 in base 62. GitHub's tokens have the same structure. A secret scanner matches `[so]k_[0-9A-Za-z]{36}` and verifies the checksum
 * without a request to the API.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */

const prefix = 'sk_';
const operatorPrefix = 'ok_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bodyLength = 30;
const checksumLength = 6;
const format = new RegExp(
  `^(?:${prefix}|${operatorPrefix})([0-9A-Za-z]{${bodyLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

/** A new random API key of a merchant. */
export function generateApiKey(): string {
  return generateKey(prefix);
}

/** A new random key of an operator. */
export function generateOperatorKey(): string {
  return generateKey(operatorPrefix);
}

function generateKey(start: string): string {
  const body = Array.from({ length: bodyLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return `${start}${body}${checksumOf(body)}`;
}

/** Whether `text` has the format and the checksum of an API key, of a merchant or an operator. It does not show that the key exists. */
export function isApiKey(text: string): boolean {
  const [, body = '', checksum] = format.exec(text) ?? [];
  return checksum === checksumOf(body);
}

/** Whether `text` claims to be a key of this format and is not one: a typing error or a truncated copy. */
export function isDamagedApiKey(text: string): boolean {
  return [prefix, operatorPrefix].some((start) => text.startsWith(start)) && !isApiKey(text);
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let checksum = '';
  for (let place = 0; place < checksumLength; place += 1) {
    checksum = alphabet.charAt(rest % alphabet.length) + checksum;
    rest = Math.floor(rest / alphabet.length);
  }
  return checksum;
}
