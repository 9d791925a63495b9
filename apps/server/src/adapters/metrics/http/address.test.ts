import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { guardedLookup, isRefused, isRefusedToUsers, userLookup } from './address.ts';

describe('addresses measurements are read from', () => {
  it.each([
    ['127.0.0.1', false],
    ['10.0.0.4', false],
    ['192.168.1.1', false],
    ['::1', false],
    ['fd12::1', false],
    ['203.0.113.9', false],
    ['169.254.169.254', true],
    ['169.254.0.1', true],
    ['fe80::1', true],
    ['::ffff:169.254.169.254', true],
    ['fd00:ec2::254', true],
    ['64:ff9b::a9fe:a9fe', true],
    ['64:ff9b::cb00:7109', false],
    ['2002:a9fe:a9fe::1', true],
    ['2002:cb00:7109::1', false],
    ['::169.254.169.254', true],
    ['::', false],
    ['100.100.100.200', true],
    ['224.0.0.1', true],
    ['not an address', true],
  ])('%s refused: %s', (address, refused) => {
    expect(isRefused(address)).toBe(refused);
  });

  it.each([
    ['203.0.113.9', true],
    ['8.8.8.8', false],
    ['2606:4700::1111', false],
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', true],
    ['::', true],
    ['10.0.0.4', true],
    ['172.16.0.1', true],
    ['192.168.1.1', true],
    ['100.64.0.1', true],
    ['fd12::1', true],
    ['169.254.169.254', true],
    ['64:ff9b::7f00:1', true],
    ['64:ff9b::808:808', false],
    ['2002:7f00:1::1', true],
    ['::127.0.0.1', true],
    ['not an address', true],
  ])('%s refused to users: %s', (address, refused) => {
    expect(isRefusedToUsers(address, [])).toBe(refused);
  });

  it('are open to users in the ranges that are allowed, metadata services never', () => {
    const allowed = ['127.0.0.0/8', '169.254.0.0/16', 'fd12::/16'].map((range) => ipaddr.parseCIDR(range));
    expect(['127.0.0.1', 'fd12::1'].map((one) => isRefusedToUsers(one, allowed))).toEqual([false, false]);
    expect(['10.0.0.4', '169.254.169.254'].map((one) => isRefusedToUsers(one, allowed))).toEqual([true, true]);
  });

  it('are refused to users when a name points into the network', async () => {
    const look = (allowed: string[]) =>
      new Promise((resolve) => {
        const ranges = allowed.map((range) => ipaddr.parseCIDR(range));
        userLookup(ranges)('localhost', { family: 4 }, (failure, address) => resolve(failure ?? address));
      });
    expect(await look([])).toMatchObject({ code: 'EREFUSED_ADDRESS' });
    expect(await look(['127.0.0.0/8'])).toBe('127.0.0.1');
  });

  it('are resolved like names are, one or all', async () => {
    const one = await new Promise((resolve) => {
      guardedLookup('localhost', { family: 4 }, (error, address, family) => resolve([error, address, family]));
    });
    expect(one).toEqual([null, '127.0.0.1', 4]);
    const all = await new Promise((resolve) => {
      guardedLookup('127.0.0.1', { all: true }, (error, addresses) => resolve([error, addresses]));
    });
    expect(all).toEqual([null, [{ address: '127.0.0.1', family: 4 }]]);
  });

  it('are refused when a name points to one that may not be read', async () => {
    const error = await new Promise((resolve) => {
      guardedLookup('169.254.169.254', {}, (failure) => resolve(failure));
    });
    expect(error).toMatchObject({ code: 'EREFUSED_ADDRESS' });
  });
});
