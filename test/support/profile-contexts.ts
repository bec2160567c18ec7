/** What each built profile needs besides the suffix, as a platform engineer would pass it. */
export const profileContexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  flagship: {},
  storefront: { profile: 'storefront', domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  metered: { profile: 'metered' },
  partner: {
    profile: 'partner',
    domainName: 'pay.example.com',
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    truststorePath: 'test/support/client-ca.pem',
  },
  compact: {
    profile: 'compact',
    domainName: 'pay.example.com',
    databaseSecretName: 'payments/database',
    imageRepositoryName: 'payments/api',
    imageTag: 'v1',
  },
};

/** The names of the built profiles. */
export const builtProfiles = Object.keys(profileContexts);
