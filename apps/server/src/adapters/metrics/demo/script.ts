import { demoDeploys, demoIncidents } from './events.ts';
import { bindStory } from './history.ts';
import type { DemoScript } from './port.ts';
import { stories } from './stories.ts';

/** The demo's script: an outage being fought, a cold cache, an API nobody hears from. */
export const demoScript: DemoScript = {
  bind(key, binding) {
    const story = stories.find((s) => s.key === key);
    return story ? bindStory(story, binding) : null;
  },
  incidents: demoIncidents,
  deploys: demoDeploys,
};
