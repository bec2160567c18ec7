SET LOCAL ROLE payments_owner;

CREATE TABLE payments.merchants (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Keys are 256-bit random strings, so a plain digest cannot be guessed backwards; a slow password hash would only slow each request.
CREATE TABLE payments.api_keys (
  id uuid PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES payments.merchants,
  key_hash bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY ['payments:read', 'payments:write', 'ledger:read']),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- A session is a key exchanged by a browser; it ends with the key.
CREATE TABLE payments.sessions (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  api_key_id uuid NOT NULL REFERENCES payments.api_keys,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

-- Credentials are looked up before the merchant is known. These functions are the only way to the tables above.
CREATE FUNCTION payments.merchant_of_key(wanted bytea)
  RETURNS TABLE (merchant_id uuid, merchant_name text, scopes text[], api_key_id uuid, expires_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT m.id, m.name, k.scopes, k.id, k.expires_at
    FROM payments.api_keys k JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE k.key_hash = wanted AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
  $$;

CREATE FUNCTION payments.merchant_of_session(wanted bytea)
  RETURNS TABLE (merchant_id uuid, merchant_name text, scopes text[], api_key_id uuid, expires_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT m.id, m.name, k.scopes, k.id, s.expires_at
    FROM payments.sessions s
    JOIN payments.api_keys k ON k.id = s.api_key_id
    JOIN payments.merchants m ON m.id = k.merchant_id
    WHERE s.token_hash = wanted AND s.expires_at > now()
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
  $$;

CREATE FUNCTION payments.open_session(token bytea, key_id uuid, ends timestamptz)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM payments.sessions WHERE expires_at < now();
    INSERT INTO payments.sessions (token_hash, api_key_id, expires_at) VALUES (token, key_id, ends);
  $$;

CREATE FUNCTION payments.close_session(token bytea)
  RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ DELETE FROM payments.sessions WHERE token_hash = token $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA payments FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA payments TO payments_api;
