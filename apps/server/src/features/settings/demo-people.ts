import { createHash } from 'node:crypto';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';

/** One invented person: name; roles of the console; accounts on platforms; minutes since they were seen, `-` for never; marks. */
const people = `
Ines Okafor       | commander              | hashinsight/owner web3audit/viewer stellarescrow/member | 1 | key
Marek Novak       | support                | hashinsight/broker                 | 4       | key
Jun Watanabe      | operator               | hashinsight/admin                  | 2       | key
Priya Raman       | operator               | hashinsight/admin web3audit/auditor | 2      | key
Hana Eriksen      | owner                  | hashinsight/owner web3audit/admin stellarescrow/admin | 1500 |
Tomasz Lind       | operator               | web3audit/admin                    | 18      | key
Adaeze Bello      | operator@stellarescrow | stellarescrow/admin                | 32      | key
Lucas Vidal       | support                | hashinsight/client                 | 135360  | key
Sofia Grant       | stakeholder            |                                    | 180     |
Wei Zhang         |                        | hashinsight/broker                 | -       | invited
Noor Haddad       | admin                  | stellarescrow/admin                | 55      | key
Oskar Jensen      | admin                  | web3audit/admin                    | 240     | key
Mei Suzuki        | auditor                | web3audit/viewer                   | 2900    | key
Rafael Castillo   | operator@hashinsight   | hashinsight/admin                  | 75      | key
Leila Moreau      | support@hashinsight    | hashinsight/broker                 | 12      | key
Dmitri Petrov     | operator@web3audit     | web3audit/auditor                  | 410     | key
Anh Nguyen        | stakeholder@hashinsight | hashinsight/client                | 8600    |
Giulia Ferrari    | commander              | stellarescrow/member               | 95      | key
Kwame Mbeki       | support@web3audit      | web3audit/viewer                   | 600     | key
Freya Larsen      | operator@web3audit     | web3audit/auditor                  | 30      | key ends
Mateo Rossi       | stakeholder@web3audit  |                                    | 20160   |
Clara Weber       | admin@hashinsight      | hashinsight/admin                  | 340     | key
Samir Kowalski    | operator@hashinsight   | hashinsight/broker                 | 144000  |
Elif Dubois       | support@stellarescrow  | stellarescrow/member               | 65      | key
Tariq Silva       | operator@stellarescrow | stellarescrow/member               | 4300    | suspended
Yuki Tanaka       | stakeholder@stellarescrow |                                 | 1440    |
Bruno Costa       |                        | hashinsight/client                 | 45      |
Amara Diallo      |                        | hashinsight/client                 | 700     |
Viktor Hansen     |                        | hashinsight/broker                 | 1900    |
Nadia Rahman      |                        | web3audit/auditor                  | 220     |
Pablo Ortega      |                        | web3audit/viewer                   | 5000    |
Ingrid Solberg    |                        | stellarescrow/viewer               | 90      |
Chen Liu          |                        | hashinsight/client                 | 30240   |
Zainab Yusuf      |                        | hashinsight/client web3audit/viewer | 15     |
Erik Lindqvist    |                        | web3audit/viewer                   | 2600    |
Marta Kovacs      |                        | hashinsight/client                 | -       |
Hugo Lambert      |                        | hashinsight/client                 | 480     | suspended
Aisha Karim       |                        | stellarescrow/member               | 360     |
Jonas Becker      |                        | web3audit/auditor                  | 50      |
Talia Romano      |                        | hashinsight/broker                 | 7       |
`;

interface Told {
  name: string;
  roles: { role: string; platform: string }[];
  accounts: { platform: string; role: string }[];
  seenMinutes: number | null;
  marks: ReadonlySet<string>;
}

/** Who is in the story, in its order. */
const told: readonly Told[] = people
  .trim()
  .split('\n')
  .map((line) => {
    const [name = '', roles = '', accounts = '', seen = '', marks = ''] = line.split('|').map((cell) => cell.trim());
    const words = (cell: string): string[] => cell.split(' ').filter((word) => word !== '');
    return {
      name,
      roles: words(roles).map((word) => {
        const [role = '', platform = '*'] = word.split('@');
        return { role, platform };
      }),
      accounts: words(accounts).map((word) => {
        const [platform = '', role = ''] = word.split('/');
        return { platform, role };
      }),
      seenMinutes: seen === '-' ? null : Number(seen),
      marks: new Set(words(marks)),
    };
  });

/** Bytes nobody can show the origin of: they stand where a secret's hash or a key would, and open nothing. */
function blank(of: string): Uint8Array {
  return createHash('sha256').update(`demo ${of}`).digest();
}

const MEMBER_SINCE_DAYS = 400;

interface Person extends Told {
  id: string;
  email: string;
  slug: string;
  createdAt: Date;
}

/**
 * The invented people of the demo, as rows, with roles and accounts on the platforms named. None of them has a password: they
 * are there to be seen, and nobody can sign in as them.
 */
export function demoDirectoryRows(platforms: readonly string[], now: Date) {
  const persons = told.map((person, index): Person => {
    const slug = person.name.toLowerCase().replaceAll(' ', '_');
    const email = `${person.name.toLowerCase().replaceAll(' ', '.')}@ops.example`;
    const createdAt = new Date(now.getTime() - (MEMBER_SINCE_DAYS - index * 9) * DAY_MS);
    return { ...person, email, slug, id: `usr_demo_${slug}`, createdAt };
  });
  const isKnown = ({ platform }: { platform: string }): boolean => platform === '*' || platforms.includes(platform);
  return {
    users: persons.map((person) => userRow(person, now)),
    grants: persons.flatMap((person) => grantRows({ ...person, roles: person.roles.filter(isKnown) }, now)),
    memberships: persons.flatMap((person) => membershipRows({ ...person, accounts: person.accounts.filter(isKnown) })),
    passkeys: persons.filter((person) => person.marks.has('key')).map(passkeyRow),
    invitations: persons.filter((person) => person.marks.has('invited')).map((person) => invitationRow(person, now)),
  };
}

const given = { reason: 'Demo', grantedBy: 'usr_demo_owner', origin: 'demo' as const };

function userRow({ id, email, name, marks, seenMinutes, createdAt }: Person, now: Date) {
  const isSuspended = marks.has('suspended');
  return {
    id,
    email,
    emailKey: email,
    name,
    state: stateOf(marks),
    stateReason: isSuspended ? 'On leave' : null,
    stateSince: isSuspended ? new Date(now.getTime() - 3 * DAY_MS) : null,
    origin: 'demo' as const,
    isDemo: true,
    createdAt,
    lastSeenAt: seenMinutes === null ? null : new Date(now.getTime() - seenMinutes * MINUTE_MS),
  };
}

function grantRows({ id, slug, roles, marks, createdAt }: Person, now: Date) {
  const expiresAt = marks.has('ends') ? new Date(now.getTime() + 4 * DAY_MS) : null;
  return roles.map(({ role, platform }) => ({
    ...given,
    id: `grt_demo_${slug}_${role}`,
    userId: id,
    role,
    platform,
    createdAt,
    expiresAt,
  }));
}

function membershipRows({ id, slug, accounts, createdAt }: Person) {
  return accounts.map(({ platform, role }) => ({
    ...given,
    id: `mbr_demo_${slug}_${platform}`,
    userId: id,
    platform,
    role,
    state: 'active' as const,
    isDemo: true,
    createdAt,
    updatedAt: createdAt,
  }));
}

function passkeyRow({ id, slug, createdAt }: Person) {
  return {
    id: `demo-${slug}`,
    userId: id,
    label: 'Demo passkey',
    publicKey: blank(slug),
    counter: 0,
    transports: [],
    deviceType: 'singleDevice' as const,
    isBackedUp: false,
    createdAt,
  };
}

function invitationRow({ id, slug }: Person, now: Date) {
  return {
    id: `inv_demo_${slug}`,
    userId: id,
    tokenHash: blank(`invitation of ${slug}`),
    role: 'support',
    platform: '*',
    reason: 'Demo',
    invitedBy: 'usr_demo_owner',
    createdAt: new Date(now.getTime() - DAY_MS),
    expiresAt: new Date(now.getTime() + 2 * DAY_MS - HOUR_MS),
  };
}

function stateOf(marks: ReadonlySet<string>): 'active' | 'invited' | 'suspended' {
  if (marks.has('invited')) return 'invited';
  return marks.has('suspended') ? 'suspended' : 'active';
}
