/** The members of an object that say something: an option that is undefined was not given. */
export function withoutUndefined(members: object): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) given[name] = value;
  return given;
}
