SET LOCAL ROLE payments_owner;

-- Stores that the customer must act before the acquirer decides: status, timeline, outbox. The operation stays at `prepared`,
-- is no longer queued and can be continued by anybody. Does nothing where another call was first, or has ended the operation.
CREATE OR REPLACE FUNCTION payments.require_action(
    merchant uuid, request_key text, wanted uuid, event uuid, acquirer text, url text, correlation text, trace text
  ) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '200ms'
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  DECLARE
    payment payments.payments;
  BEGIN
    UPDATE payments.idempotency_keys k
    SET operation = (k.operation - 'queued') || '{"actionRequired": true}', leased_until = now()
    WHERE k.merchant_id = merchant AND k.key = request_key AND k.operation_id = wanted AND k.recovery_point = 'prepared';
    IF NOT FOUND THEN
      RETURN;
    END IF;
    UPDATE payments.payments p SET status = 'requires_action', acquirer_id = acquirer, action_url = url
    FROM payments.idempotency_keys k
    WHERE k.merchant_id = merchant AND k.key = request_key AND p.id = (k.operation ->> 'paymentId')::uuid
      AND p.merchant_id = merchant AND p.pending_operation = wanted AND p.status = 'processing'
    RETURNING p.* INTO payment;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor)
    VALUES (event, merchant, payment.id, 'payment.requires_action', payment.amount_minor);
    INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, correlation_id, trace_header)
    VALUES (
      event, merchant, payment.id, 'payment.requires_action',
      jsonb_build_object('amountMinor', payment.amount_minor, 'currency', payment.currency, 'detail', NULL), correlation, trace
    );
  END
  $$;

REVOKE ALL ON FUNCTION payments.require_action FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.require_action TO payments_api, payments_worker;
