import { sql } from 'drizzle-orm';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import { facts } from '../src/db/schema/index.ts';
import { silentLog } from './silent-log.ts';

/**
 * Run as a process of its own: `node store-child.ts <data folder> write|hold`. Says `open` when the database is open.
 * `write` then writes rows one by one and says the number of each after it was acknowledged, until it is killed.
 */
const [dataDir = '', task] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const database = await openDatabase({ url: null, dataDir, log: silentLog });
  await migrate(database);
  say('open');
  if (task === 'write') {
    const [last] = await database.db.select({ n: sql<number>`count(*)::int` }).from(facts);
    for (let n = last?.n ?? 0; ; n += 1) {
      await database.db.transaction(async (tx) => {
        await tx.insert(facts).values({ key: `row-${n}`, value: { n }, updatedAt: new Date() });
      });
      say(String(n));
    }
  }
  // Holding: the folder stays ours until somebody ends this process.
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
