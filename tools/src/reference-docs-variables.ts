import { z } from 'zod';

/** Who reads which configuration. */
export interface ConfiguredService {
  readonly name: string;
  readonly config: z.ZodObject;
}

/** An environment variable, and what is to be said about it. */
export interface Variable {
  readonly name: string;
  /** What it can be, in a few words. */
  readonly type: string;
  /** As it would be written into the environment; null where nothing is set. */
  readonly default: string | null;
  readonly isRequired: boolean;
  /** One, unless services see it differently: then each says which services it is about. */
  readonly descriptions: readonly string[];
  readonly readBy: readonly string[];
}

/** What zod's JSON Schema says about a variable, as far as it is of interest here. */
const propertySchema = z.object({
  description: z.string(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  const: z.string().optional(),
});

const objectSchema = z.object({
  properties: z.record(z.string(), z.looseObject({})),
  required: z.array(z.string()).default([]),
});

/**
 * Every variable that a service reads, by name.
 * @throws Error for one without a description.
 */
export function variablesOf(services: readonly ConfiguredService[]): Variable[] {
  const readings = services.flatMap(readingsOf);
  const names = [...new Set(readings.map(({ name }) => name))].sort();
  return names.map((name) => merged(readings.filter((reading) => reading.name === name)));
}

type Reading = Omit<Variable, 'descriptions'> & { readonly description: string };

function readingsOf({ name: service, config }: ConfiguredService): Reading[] {
  const { properties, required } = objectSchema.parse(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(properties).map(([name, property]) => {
    const parsed = propertySchema.safeParse(property);
    if (!parsed.success) throw new Error(`${service}: ${name} has no description`);
    const { description, default: value } = parsed.data;
    return {
      name,
      type: typeOf(parsed.data),
      default: value === undefined ? null : asWritten(value),
      isRequired: required.includes(name),
      description,
      readBy: [service],
    };
  });
}

function asWritten(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function typeOf({ type, format, enum: values, const: value }: z.output<typeof propertySchema>): string {
  const choices = values ?? (value === undefined ? undefined : [value]);
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  return format === 'uri' ? 'URL' : (type ?? 'string');
}

/** @throws Error when services do not agree on what can be written there. */
function merged(readings: readonly Reading[]): Variable {
  const [first] = readings;
  if (!first) throw new Error('nobody reads it');
  const other = readings.find(({ type, default: value }) => type !== first.type || value !== first.default);
  if (other) {
    throw new Error(
      `${first.name} has another type or default in ${other.readBy.join()} than in ${first.readBy.join()}`,
    );
  }
  const { name, type, default: value } = first;
  return {
    name,
    type,
    default: value,
    isRequired: readings.some(({ isRequired }) => isRequired),
    descriptions: descriptionsOf(readings),
    readBy: namesOf(readings),
  };
}

function descriptionsOf(readings: readonly Reading[]): string[] {
  const different = [...new Set(readings.map(({ description }) => description))];
  if (different.length === 1) return different;
  return different.map((text) => {
    const services = namesOf(readings.filter(({ description }) => description === text));
    return `In ${services.join(', ')}: ${text}`;
  });
}

function namesOf(readings: readonly Reading[]): string[] {
  return readings.flatMap(({ readBy }) => readBy);
}
