SET LOCAL ROLE payments_owner;

-- Whose client certificate a merchant's requests must come with, where clients prove themselves by certificate.
CREATE TABLE payments.client_certificates (
  merchant_id uuid PRIMARY KEY REFERENCES payments.merchants,
  -- The distinguished name: it stays the same when the certificate is renewed.
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 1024),
  bound_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE payments.client_certificates ENABLE ROW LEVEL SECURITY;

-- The first request of a merchant binds it to the subject that it came with. Returns the subject that the merchant is bound to, and whether
-- it is bound from now on.
CREATE FUNCTION payments.bind_client_certificate(merchant uuid, presented text)
  RETURNS TABLE (subject text, is_new boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  BEGIN
    RETURN QUERY SELECT c.subject, false FROM payments.client_certificates c WHERE c.merchant_id = merchant;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO payments.client_certificates (merchant_id, subject) VALUES (merchant, presented) ON CONFLICT DO NOTHING;
    -- Another request may have been first; then what it bound holds.
    RETURN QUERY SELECT c.subject, FOUND FROM payments.client_certificates c WHERE c.merchant_id = merchant;
  END
  $$;
REVOKE ALL ON FUNCTION payments.bind_client_certificate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.bind_client_certificate TO payments_api;
