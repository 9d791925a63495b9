/** Topics the web invalidates by. A topic is a feature word. */
export type ScreenTopic =
  | 'slo'
  | 'platforms'
  | 'changes'
  | 'audit'
  | 'users'
  | 'approvals'
  | 'api-keys'
  | 'secrets'
  | 'oncall'
  | 'health'
  | 'settings';

/** What only the memories of replicas are told: the key revocation is measured with ends every minute, and nothing else with it. */
export type ReplicaTopic = 'api-keys.probe';

export type Topic = ScreenTopic | ReplicaTopic;

/** One event: data of `topic` is now at `version`. Ids rise; a stream resumes after the last one it saw. */
export interface HubEvent {
  id: string;
  topic: Topic;
  version: number;
}

/** `none`: other replicas may change the database, and nothing carries word of it between them. */
export type BusState = 'up' | 'down' | 'none';

/** Tells every open stream, in every replica, that data changed; holds the version hot reads are keyed by. */
export interface Hub {
  /** Call after commit. */
  publish(topic: Topic): void;
  /** Changes whenever any of the topics did, here or in another replica; null while the bus is down and nothing may be cached. */
  version(topics: readonly Topic[]): string | null;
  /** Whether changes made by other replicas are heard at once; `up` where there can be no other. */
  bus(): BusState;
  subscribe(onEvent: (event: HubEvent) => void): () => void;
  /** Events after the id, or null when the id is too old or foreign: the client must then refetch everything. */
  since(lastEventId: string): HubEvent[] | null;
}
