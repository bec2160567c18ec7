SET LOCAL ROLE payments_owner;

CREATE TABLE payments.merchants (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A key is a 256-bit random string, so its plain digest cannot be reversed by guessing. A slow password hash would only
-- slow down each request.
CREATE TABLE payments.api_keys (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  scopes text[] NOT NULL CHECK (
    scopes <@ ARRAY ['payments:read', 'payments:write', 'refunds:write', 'reports:read', 'keys:write', 'webhooks:write']
  ),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE payments.sessions (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  api_key_id uuid NOT NULL REFERENCES payments.api_keys,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE payments.client_certificates (
  merchant_id uuid PRIMARY KEY REFERENCES payments.merchants,
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 1024),
  bound_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE payments.merchants IS 'The customers of the platform';
COMMENT ON TABLE payments.api_keys IS 'Digests of API keys, with what each key may do';
COMMENT ON TABLE payments.sessions IS 'Browser sessions; each was opened with an API key and ends with it';
COMMENT ON TABLE payments.client_certificates IS
  'The certificate that a merchant''s requests must present, where clients authenticate with certificates';
COMMENT ON COLUMN payments.client_certificates.subject IS
  'Distinguished name; it stays the same when the certificate is renewed';
