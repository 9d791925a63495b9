import { MINUTE_MS } from '@qd/shared/time';
import { postgresStore, type Store } from './console/stores.ts';
import { fillModel, type Model } from './growth/model.ts';
import { measurePages, type PagesMeasured } from './slo/pages.ts';
import type { Stage } from './stage.ts';

const FEW = 20;
const MANY = 1_000;

/** A filled store. */
export interface Filled {
  store: Store;
  model: Model;
}

/** What more than one bench needs and takes long to make: each is made on first use. */
export interface SharedParts {
  pages(): Promise<PagesMeasured>;
  /** Read models of 20 and of 1,000 objectives; null without a Postgres. */
  few(): Promise<Filled | null>;
  many(): Promise<Filled | null>;
}

export function createSharedParts(stage: Stage): SharedParts {
  return {
    pages: once(() => measurePages(stage)),
    few: once(() => filled(stage, FEW)),
    many: once(() => filled(stage, MANY)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

async function filled(stage: Stage, count: number): Promise<Filled | null> {
  const store = await postgresStore();
  if (store === null) return null;
  stage.onEnd(() => store.drop());
  stage.say(`Filling a read model of ${count} objectives x 90 days`);
  const services = Array.from({ length: FEW }, (_, i) => `svc-${String(i + 1).padStart(2, '0')}`);
  const untilM = Math.floor(Date.now() / MINUTE_MS);
  const model = await fillModel(store, { count, services, sourceUrl: 'http://127.0.0.1:9', untilM });
  stage.onEnd(() => model.handle.close());
  return { store, model };
}
