/** A key is made here, or was made elsewhere and is taken in. */
export type KeyWay = 'create' | 'import';

/** What each way is called; `other` leads to the other one. */
export const wayWords: Readonly<Record<KeyWay, { title: string; act: string; more: string; other: string }>> = {
  create: {
    title: 'Create a key',
    act: 'Create key',
    more: 'Delivery, owner, limits and consumers',
    other: 'Take in an existing one',
  },
  import: {
    title: 'Take in an existing key',
    act: 'Take in key',
    more: 'Owner, limits and consumers',
    other: 'Make a new one',
  },
};
