import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiterOf, readHeader, type ImportHeader } from './header.ts';
import { lookAlikeFold } from './look-alike.ts';
import { duplicateFinder, readImportRow, type ImportWorld } from './row.ts';
import { MAX_FIELD_LENGTH } from './schemas.ts';
import { judgeImportRow, type ImporterRights, type KnownPerson } from './verdict.ts';

const world: ImportWorld = {
  platforms: new Set(['hashinsight']),
  roles: new Map([
    ['night watch', 'role_night'],
    ['role_night', 'role_night'],
  ]),
  platformRoles: () => ['owner', 'broker'],
};

function headerOf(...cells: string[]): ImportHeader {
  const read = readHeader(cells);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.header;
}
const header = headerOf('email', 'name', 'role', 'platform', 'platform_role');
const read = (...fields: string[]) => readImportRow(2, fields, header, world);

describe('a header', () => {
  it('may come in any order, case and under the usual other names', () => {
    const found = headerOf(' Platform Role ', 'FULL-NAME', 'E-Mail', 'Scope');
    expect([...found]).toEqual([
      ['platform_role', 0],
      ['name', 1],
      ['email', 2],
      ['platform', 3],
    ]);
  });

  it.each([
    [['email', 'name', '__proto__'], '"__proto__" is not a column'],
    [['email', 'name', 'constructor'], '"constructor" is not a column'],
    [['email', 'name', 'toString'], '"toString" is not a column'],
    [['email', 'name', 'Mail'], '"Mail" stands there twice'],
    [['email'], 'the column name is missing'],
    [['name', '\u202Eemail'], '" email" is not a column'],
  ])('of %j is refused, naming what is wrong', (cells, words) => {
    const found = readHeader(cells);
    expect('faults' in found && found.faults.map((f) => f.message).join('; ')).toContain(words);
  });

  it.each([
    ['email,name', ','],
    ['email;name;"a,b,c"', ';'],
    ['email\tname', '\t'],
    ['email', ','],
  ])('tells the separator of %j', (line, mark) => {
    expect(delimiterOf(line)).toBe(mark);
  });
});

describe('a row', () => {
  it('is read with roles by name or title in any case', () => {
    expect(read(' Ada@Example.com ', 'Ada  Lovelace', 'Incident Commander', 'HashInsight', 'Broker')).toMatchObject({
      email: 'Ada@Example.com',
      name: 'Ada Lovelace',
      role: 'commander',
      platform: 'hashinsight',
      platformRole: 'broker',
      faults: [],
    });
    expect(read('a@b.co', 'A', 'Night Watch', '*')).toMatchObject({ role: 'role_night', faults: [] });
  });

  it('keeps formulas as text and shortens what is too long', () => {
    expect(read('a@b.co', '=HYPERLINK("x")')).toMatchObject({ name: '=HYPERLINK("x")', faults: [] });
    const long = read('a@b.co', 'x'.repeat(200_000));
    expect(long.name.length).toBeLessThanOrEqual(MAX_FIELD_LENGTH);
    expect(long.faults[0]).toMatchObject({ field: 'name' });
  });

  it.each([
    ['too many fields', ['a@b.co', 'A', '', '', '', 'more'], 'row'],
    ['an unknown platform', ['a@b.co', 'A', 'operator', 'mars'], 'platform'],
    ['a role without a platform', ['a@b.co', 'A', 'operator'], 'platform'],
    ['a platform without a role', ['a@b.co', 'A', '', 'hashinsight'], 'platform'],
    ['a platform role on all platforms', ['a@b.co', 'A', '', '*', 'broker'], 'platform'],
    ['a platform role that is none', ['a@b.co', 'A', '', 'hashinsight', 'king'], 'platform_role'],
    ['a role of a prototype', ['a@b.co', 'A', '__proto__', '*'], 'role'],
    ['a hidden character', ['a@b.co', 'A\u202Eb'], 'name'],
    ['a mark that turns the writing round', ['a@b.co', 'A\u200Fb'], 'name'],
    ['such a mark in the address', ['a\u200F@b.co', 'A'], 'email'],
    ['a mark that isolates in the address', ['\u2067a@b.co\u2069', 'A'], 'email'],
    ['wide letters', ['ａ@b.co', 'A'], 'email'],
    ['another script', ['аda@b.co', 'A'], 'email'],
    ['a zero character', ['a@b.co', 'A\0B'], ''],
  ])('with %s is wrong there', (_name, fields, field) => {
    expect(
      read(...fields)
        .faults.map((f) => f.field)
        .join(),
    ).toBe(field);
  });

  it('never throws, and never gives back what the database would refuse', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 7 }), (fields) => {
        const row = readImportRow(1, fields, header, world);
        for (const text of [row.email, row.name, row.role ?? '', row.platform ?? '', row.platformRole ?? '']) {
          expect(text.includes('\0')).toBe(false);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

describe('addresses that stand there twice', () => {
  it('are found in other case and in letters that look the same', () => {
    const find = duplicateFinder();
    expect(find({ line: 2, email: 'ada@example.com' })).toBeNull();
    expect(find({ line: 3, email: 'ADA@example.com' })?.message).toContain('line 2');
    expect(find({ line: 4, email: 'аda@example.com' })?.message).toContain('looks like the address on line 2');
    expect(find({ line: 5, email: 'ａda@example.com' })?.message).toContain('line 2');
    expect(find({ line: 6, email: 'eve@example.com' })).toBeNull();
  });

  it.each([
    ['a capital with a dot', 'İvan@example.com'],
    ['an i without one', 'ıvan@example.com'],
    ['an i with two', 'ïvan@example.com'],
    ['a ligature', 'ivan@example.ﬀ'],
    ['a mark that turns the writing round', 'iv\u200Fan@example.com'],
    ['a joiner nobody sees', 'iv\u200Dan@example.com'],
    ['another case', 'IVAN@EXAMPLE.COM'],
  ])('are found in %s', (_name, email) => {
    const find = duplicateFinder();
    expect(find({ line: 2, email: email.endsWith('ﬀ') ? 'ivan@example.ff' : 'ivan@example.com' })).toBeNull();
    expect(find({ line: 3, email })?.field).toBe('email');
  });

  it('are not seen where only a dot or a letter more makes two of them', () => {
    const find = duplicateFinder();
    for (const [i, email] of [
      'i.van@example.com',
      'ivan@example.com',
      'ivan+1@example.com',
      'ivann@example.com',
    ].entries())
      expect(find({ line: i + 2, email })).toBeNull();
  });

  it('fold to the same whatever fold they went through before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = lookAlikeFold(text);
        expect(lookAlikeFold(folded)).toBe(folded);
      }),
    );
  });
});

describe('a verdict', () => {
  const anything: ImporterRights = { ownId: 'usr_me', give: () => null, assign: () => null, touch: () => null };
  const known: KnownPerson = {
    id: 'usr_1',
    name: 'Ada',
    state: 'active',
    grants: [{ role: 'operator', platform: '*' }],
    memberships: [{ platform: 'hashinsight', role: 'broker', state: 'active' }],
  };

  it.each([
    ['nobody there', ['a@b.co', 'Ada', 'operator', '*'], null, 'create'],
    ['nothing new', ['a@b.co', 'Ada', 'operator', '*'], known, 'same'],
    ['no name given', ['a@b.co', ' ', 'operator', '*'], known, 'same'],
    ['another name', ['a@b.co', 'Ada L'], known, 'update'],
    ['another role', ['a@b.co', 'Ada', 'support', '*'], known, 'update'],
    ['the role elsewhere', ['a@b.co', 'Ada', 'operator', 'hashinsight'], known, 'update'],
    ['another account role', ['a@b.co', 'Ada', '', 'hashinsight', 'owner'], known, 'update'],
    ['a name for nobody missing', ['a@b.co', ''], null, 'error'],
  ])('on %s', (_name, fields, person, verdict) => {
    expect(judgeImportRow(read(...fields), person, anything).verdict).toBe(verdict);
  });

  it('is wrong for oneself, for who is gone, and for what may not be given', () => {
    const row = read('a@b.co', 'Ada', 'support', 'hashinsight', 'owner');
    const faultsOf = (person: KnownPerson | null, rights: Partial<ImporterRights>) =>
      judgeImportRow(row, person, { ...anything, ...rights }).faults.map((f) => f.field);
    expect(faultsOf(known, { ownId: 'usr_1' })).toEqual(['email']);
    expect(faultsOf({ ...known, state: 'offboarded' }, {})).toEqual(['email']);
    expect(faultsOf(known, { touch: () => 'no' })).toEqual(['email']);
    expect(faultsOf(null, { give: () => 'no' })).toEqual(['role']);
    expect(faultsOf(null, { assign: () => 'no' })).toEqual(['platform_role']);
  });
});
