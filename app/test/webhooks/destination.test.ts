import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedAddresses, type DestinationPolicy, parseDestination } from '../../src/webhooks/destination.ts';

const strict: DestinationPolicy = { loopback: false, refusedRanges: ['52.95.0.0/16'] };
const local: DestinationPolicy = { loopback: true, refusedRanges: [] };
const { signal } = new AbortController();

describe('the URL of an endpoint', () => {
  test.each([
    'https://shop.example/hooks',
    'https://shop.example:443/hooks?shop=7',
    'https://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
  ])('may be %s', (url) => {
    expect(parseDestination(url, strict).protocol).toBe('https:');
  });

  test.each([
    ['http://shop.example/', 'The URL must start with https://.'],
    ['ftp://shop.example/', 'The URL must start with https://.'],
    ['http://localhost:8080/', 'The URL must start with https://.'],
    ['https://shop.example:8443/', 'The URL must use port 443, not 8443.'],
    ['https://user:secret@shop.example/', 'The URL must not contain credentials.'],
    ['https://shop.example/#part', 'The URL must not have a fragment.'],
    ['/hooks', 'The URL must be absolute, such as https://shop.example/hooks.'],
    [`https://shop.example/${'x'.repeat(2048)}`, 'The URL must have at most 2048 characters.'],
    ['https://10.0.3.4/', 'The address 10.0.3.4 of 10.0.3.4 is not public.'],
    ['https://0x7f.1/', 'The address 127.0.0.1 of 127.0.0.1 is not public.'],
    ['https://2852039166/', 'The address 169.254.169.254 of 169.254.169.254 is not public.'],
    ['https://52.95.1.1/', 'The address 52.95.1.1 of 52.95.1.1 is not public.'],
    ['https://[::ffff:10.0.3.4]/', 'The address ::ffff:a00:304 of ::ffff:a00:304 is not public.'],
    ['https://[fd00:ec2::254]/', 'The address fd00:ec2::254 of fd00:ec2::254 is not public.'],
  ])('may not be %s', (url, message) => {
    expect(() => parseDestination(url, strict)).toThrow(message);
  });

  test.each(['http://127.0.0.1:9000/hooks', 'http://localhost/', 'http://[::1]:9000/', 'https://localhost:9000/'])(
    'may be %s where loopback is allowed',
    (url) => {
      expect(parseDestination(url, local).href).toBe(url);
    },
  );

  test.each(['http://10.0.3.4/', 'http://shop.example/', 'https://10.0.3.4/', 'ftp://localhost/'])(
    'may not be %s even there',
    (url) => {
      expect(() => parseDestination(url, local)).toThrow(/must|not public/);
    },
  );
});

describe('the addresses of a host', () => {
  const resolved = (...addresses: string[]) =>
    allowedAddresses(new URL('https://shop.example/'), strict, signal, () => Promise.resolve(addresses));

  test('are those of the name servers', async () => {
    expect(await resolved('93.184.216.34', '2606:2800:220:1::1')).toEqual(['93.184.216.34', '2606:2800:220:1::1']);
  });

  test.each([
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['127.0.0.1', 'loopback'],
    ['169.254.169.254', 'instance metadata'],
    ['169.254.170.2', 'task metadata'],
    ['172.31.0.2', 'private'],
    ['192.0.2.1', 'documentation'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['52.95.1.1', 'our own network'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::ffff:169.254.169.254', 'mapped metadata'],
    ['64:ff9b::a00:1', 'private through NAT64'],
    ['64:ff9b:1::a00:1', 'private through local NAT64'],
    ['2002:a00:1::1', 'private through 6to4'],
    ['2001:0:a00:1::1', 'Teredo'],
    ['2001:db8::1', 'documentation'],
    ['4000::1', 'not assigned'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'instance metadata'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
  ])('may not contain %s (%s), not even beside a public one', async (address) => {
    await expect(resolved('93.184.216.34', address)).rejects.toThrow(
      `The address ${address} of shop.example is not public.`,
    );
  });

  test('never contain an address of our network, however the name servers write it', async () => {
    const inside = fc
      .tuple(fc.constantFrom('10', '127', '0'), fc.nat(255), fc.nat(255), fc.nat(255), fc.boolean())
      .map(([first, ...rest]) => `${rest[3] ? '::ffff:' : ''}${first}.${rest.slice(0, 3).join('.')}`);
    await fc.assert(
      fc.asyncProperty(inside, async (address) => {
        await expect(resolved(address)).rejects.toThrow('is not public');
      }),
    );
  });

  test('must not be empty', async () => {
    await expect(resolved()).rejects.toThrow('The host shop.example has no address.');
    const unknown = new URL('https://shop.invalid/');
    await expect(allowedAddresses(unknown, strict, signal)).rejects.toThrow('The host shop.invalid has no address.');
  });

  test('are those of the URL if it names one, without a lookup', async () => {
    const lookup = () => Promise.reject(new Error('looked up'));
    expect(await allowedAddresses(new URL('https://[2606:2800:220:1::1]/'), strict, signal, lookup)).toEqual([
      '2606:2800:220:1::1',
    ]);
    await expect(allowedAddresses(new URL('https://[::1]/'), strict, signal, lookup)).rejects.toThrow('not public');
    expect(await allowedAddresses(new URL('http://localhost:1/'), local, signal, lookup)).toEqual(['127.0.0.1', '::1']);
  });
});
