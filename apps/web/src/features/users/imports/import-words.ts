import {
  MAX_IMPORT_INVITATIONS,
  type ImportRowView,
  type ImportState,
  type ImportVerdict,
  type ImportView,
} from '@qd/shared/users';
import { formatCount } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

/** `1 row`, `4,998 rows`. */
export function rowsWords(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

const stateLooks: Record<ImportState, { tone: Tone; word: string }> = {
  reading: { tone: 'info', word: 'Being read' },
  checked: { tone: 'info', word: 'Checked, not imported' },
  committing: { tone: 'info', word: 'Being imported' },
  committed: { tone: 'ok', word: 'Imported' },
  rolled_back: { tone: 'none', word: 'Taken back' },
  failed: { tone: 'crit', word: 'Not readable' },
};

export function stateLook(state: ImportState): { tone: Tone; word: string } {
  return stateLooks[state];
}

const verdictLooks: Record<ImportVerdict, { tone: Tone; word: string }> = {
  create: { tone: 'ok', word: 'New' },
  update: { tone: 'info', word: 'Changed' },
  same: { tone: 'none', word: 'Unchanged' },
  error: { tone: 'crit', word: 'Wrong' },
};

export function verdictLook(verdict: ImportVerdict): { tone: Tone; word: string } {
  return verdictLooks[verdict];
}

function countWords(view: ImportView): string {
  const { createCount, updateCount, sameCount } = view;
  const parts = [
    `${createCount === 1 ? '1 new person' : `${formatCount(createCount)} new people`}`,
    `${formatCount(updateCount)} changed`,
    `${formatCount(sameCount)} unchanged`,
  ];
  return parts.join(', ');
}

/** What stands about an import in the sentence at the top: the plain part, and the part that asks for attention. */
export function importCall(view: ImportView): { plain: string; wrong: string } {
  const { state, errorCount, rowCount, fileName } = view;
  const isWrong = errorCount > 0;
  const wrong = isWrong
    ? `${rowsWords(errorCount)} of ${formatCount(rowCount)} ${errorCount === 1 ? 'is' : 'are'} wrong.`
    : '';
  switch (state) {
    case 'reading':
      return { plain: `${fileName} is being read: ${rowsWords(view.doneCount)} so far.`, wrong: '' };
    case 'failed':
      return { plain: `${fileName} could not be read.`, wrong: view.fault ?? '' };
    case 'checked':
      return { plain: `Nothing has changed yet. ${fileName} gives ${countWords(view)}.`, wrong };
    case 'committing':
      return {
        plain: `${fileName} is being imported: ${formatCount(view.doneCount)} of ${rowsWords(rowCount)}.`,
        wrong: '',
      };
    case 'committed':
      return {
        plain: `${fileName} is imported: ${countWords(view)}.`,
        wrong: isWrong ? `${rowsWords(errorCount)} left out.` : '',
      };
    case 'rolled_back':
      return { plain: `${fileName} was taken back.`, wrong: '' };
  }
}

/** What committing does, in one sentence; null when there is nothing it could do. */
export function commitSentence(view: ImportView): string | null {
  const { createCount, updateCount, errorCount } = view;
  if (createCount + updateCount === 0) return null;
  const does = [
    ...(createCount > 0 ? [`adds ${createCount === 1 ? '1 person' : `${formatCount(createCount)} people`}`] : []),
    ...(updateCount > 0 ? [`changes ${formatCount(updateCount)}`] : []),
    ...(errorCount > 0 ? [`leaves out ${rowsWords(errorCount)} that ${errorCount === 1 ? 'is' : 'are'} wrong`] : []),
  ];
  const last = does.pop();
  const list = does.length === 0 ? last : `${does.join(', ')} and ${last}`;
  return `It ${list}; for 24 h it can be taken back.`;
}

/** The act as it stands on the button. */
export function commitLabel({ errorCount, rowCount }: ImportView): string {
  const right = rowCount - errorCount;
  return errorCount === 0 ? `Import all ${rowsWords(rowCount)}` : `Import the ${rowsWords(right)} that fit`;
}

/** What inviting along with the import does, in one sentence. */
export function mailSentence({ createCount }: ImportView): string {
  return createCount === 1
    ? '1 mail goes out, with a link that works once, for 3 days.'
    : `${formatCount(createCount)} mails go out, each with a link that works once, for 3 days.`;
}

/** Why invitations cannot be sent along with an import, or null when they can. */
export function noMailReason({ canMail, createCount }: ImportView, mayInvite: boolean): string | null {
  if (!mayInvite) return 'Your role does not invite people.';
  if (!canMail) return 'No mail server is set up; invite them one by one, and hand out the links.';
  if (createCount > MAX_IMPORT_INVITATIONS) {
    return `At most ${formatCount(MAX_IMPORT_INVITATIONS)} people are invited at once; split the file.`;
  }
  return null;
}

const fieldNames: Readonly<Record<string, string>> = {
  email: 'E-mail',
  name: 'Name',
  role: 'Role',
  platform: 'Platform',
  platform_role: 'Role on the platform',
  row: 'The row',
  rollback: 'The person',
};

/** A fault as a sentence: field, what is wrong with it, remedy. */
export function faultWords({ field, message }: ImportRowView['faults'][number]): string {
  const text = `${fieldNames[field] ?? field}: ${message}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
