SET LOCAL ROLE payments_owner;

-- Binds a merchant to the subject of the certificate of its first request. Returns the subject that the merchant is bound
-- to, and whether this call bound it.
CREATE OR REPLACE FUNCTION payments.bind_client_certificate(merchant uuid, presented text)
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
