import { join } from 'node:path';

/** The drawn architecture of a profile. */
export const pictureFile = (profile: string): string => join(__dirname, '../../../lib/profiles', `${profile}.svg`);

/** What a picture says to those who do not see it. */
export const pictureTitle = (profile: string): string => `Architecture of the profile ${profile}`;
