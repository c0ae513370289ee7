import { ERRORS } from '@shopgraph/kit';
import type { GeneratedFiles } from './check-generated-files';
import { configurationPage, environmentExample } from './reference-docs-configuration';
import { errorsPage } from './reference-docs-errors';
import { type ConfiguredService, variablesOf } from './reference-docs-variables';

/** The pages that say what the code says: error codes and configuration. */
export function referenceDocs(services: readonly ConfiguredService[]): GeneratedFiles {
  const variables = variablesOf(services);
  return new Map([
    ['docs/errors.md', errorsPage(ERRORS)],
    ['docs/configuration.md', configurationPage(variables)],
    ['.env.example', environmentExample(variables)],
  ]);
}
