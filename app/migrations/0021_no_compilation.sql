SET LOCAL ROLE payments_owner;

-- A way that is switched off counts as so expensive that, where a plan still needs it, PostgreSQL takes the plan for a long one and compiles
-- it anew each time that it runs, for a few hundred milliseconds (`jit`, on by default wherever the server was built with LLVM). What says
-- which ways are off therefore says, too, that nothing of it is compiled.
ALTER FUNCTION payments.begin_payments(jsonb) SET jit = off;
ALTER FUNCTION payments.finish_operations(jsonb, jsonb, text) SET jit = off;
ALTER FUNCTION payments.finish_operations(jsonb, text) SET jit = off;
ALTER FUNCTION payments.check_new_postings() SET jit = off;
ALTER FUNCTION payments.merchants_of(bytea[], bytea[]) SET jit = off;
ALTER FUNCTION payments.take_from_outbox(integer, interval) SET jit = off;
ALTER FUNCTION payments.consume_events(jsonb) SET jit = off;
ALTER FUNCTION payments.mark_delivered(uuid[]) SET jit = off;
ALTER FUNCTION payments.park_event(uuid, text) SET jit = off;
ALTER FUNCTION payments.outbox_lag_seconds() SET jit = off;
