/** The members of an object that say something: an option that is undefined was not given. */
export function withoutUndefined(members: object): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const value = (members as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}
