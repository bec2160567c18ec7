SET LOCAL ROLE payments_owner;

-- Stores a challenge of the simulated acquirer, unless it is known, and returns it with its outcome.
CREATE OR REPLACE FUNCTION payments.begin_challenge(challenge_id text, operation uuid, return_to text, on_capture boolean)
  RETURNS TABLE (id text, reference uuid, return_url text, captures boolean, outcome text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  #variable_conflict use_column
  BEGIN
    INSERT INTO payments.simulated_challenges (id, reference, return_url, captures)
    VALUES (challenge_id, operation, return_to, on_capture) ON CONFLICT DO NOTHING;
    RETURN QUERY
    SELECT c.id, c.reference, c.return_url, c.captures, c.outcome FROM payments.simulated_challenges c WHERE c.id = challenge_id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.begin_challenge FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.begin_challenge TO payments_api, payments_worker;
