import { describe, expect, test } from 'vitest';
import { databaseAddressOf, isOnThisMachine, throughPort } from '../../conformance/database-address.ts';

const byString = (DATABASE_CONNECTION_STRING: string) => ({
  DATABASE_AUTHENTICATION: 'connection-string',
  DATABASE_HOST: 'ignored',
  DATABASE_CONNECTION_STRING,
});

describe('the address of the database', () => {
  test.each([
    [{ DATABASE_HOST: '127.0.0.1', DATABASE_PORT: '6000' }, { host: '127.0.0.1', port: 6000 }, true],
    [{ DATABASE_HOST: 'localhost' }, { host: 'localhost', port: 5432 }, true],
    [{ DATABASE_HOST: 'localhost', DATABASE_PORT: '' }, { host: 'localhost', port: 5432 }, true],
    [{ DATABASE_HOST: '127.0.0.1', DATABASE_PORT: 'none' }, { host: '127.0.0.1', port: NaN }, false],
    [{ DATABASE_HOST: 'db.example.com' }, { host: 'db.example.com', port: 5432 }, false],
    [{ DATABASE_HOST: '/run/postgresql' }, { host: '/run/postgresql', port: 5432 }, false],
    [{}, { host: '', port: 5432 }, false],
    [byString('postgresql://api:secret@127.0.0.1:6000/payments'), { host: '127.0.0.1', port: 6000 }, true],
    [byString('postgresql://api:secret@[::1]/payments'), { host: '::1', port: 5432 }, true],
    [byString('postgresql://api:secret@db.example.com/payments'), { host: 'db.example.com', port: 5432 }, false],
  ])('of %j is %j, local: %j', (variables, address, here) => {
    expect(databaseAddressOf(variables)).toEqual(address);
    expect(isOnThisMachine(address)).toBe(here);
  });
});

test('replacing the port keeps the database', () => {
  expect(throughPort({ DATABASE_HOST: '127.0.0.1' }, 7000)).toEqual({ DATABASE_PORT: '7000' });
  expect(throughPort(byString('postgresql://api:p%40ss@127.0.0.1:6000/payments?sslmode=disable'), 7000)).toEqual({
    DATABASE_CONNECTION_STRING: 'postgresql://api:p%40ss@127.0.0.1:7000/payments?sslmode=disable',
  });
});
