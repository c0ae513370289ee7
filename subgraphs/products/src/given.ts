type Given<Fields> = { [Field in keyof Fields]?: NonNullable<Fields[Field]> };

/** The fields of an input that were given: those left out, or null, are not among them. */
export function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Given<Fields>;
}
