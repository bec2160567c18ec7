SET LOCAL ROLE payments_owner;

-- Decides a challenge of the simulated acquirer that is open, and returns it. Without a decision it is only read.
CREATE OR REPLACE FUNCTION payments.decide_challenge(challenge_id text, decision text)
  RETURNS TABLE (id text, reference uuid, return_url text, captures boolean, outcome text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
  #variable_conflict use_column
  BEGIN
    IF decision IS NOT NULL THEN
      UPDATE payments.simulated_challenges c SET outcome = decision WHERE c.id = challenge_id AND c.outcome IS NULL;
    END IF;
    RETURN QUERY
    SELECT c.id, c.reference, c.return_url, c.captures, c.outcome FROM payments.simulated_challenges c WHERE c.id = challenge_id;
  END
  $$;

REVOKE ALL ON FUNCTION payments.decide_challenge FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.decide_challenge TO payments_api, payments_worker;
