/** The page as it should be. */
export function thirdParty(): string;
/** The page as it is. */
export function page(): string;
