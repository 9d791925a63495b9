import type { TestProject } from 'vitest/node';
import { embeddedTemplate } from './embedded-template.ts';
import { postgresTemplate } from './postgres-template.ts';

/** Makes the migrated templates once, before the files of a project start side by side and each miss them. */
export async function setup(project: TestProject): Promise<void> {
  if (project.config.name === 'int-embedded') await embeddedTemplate();
  if (project.config.name === 'int-real') await postgresTemplate();
}
