-- The schema of the database, for reading. A newcomer starts here.
-- `npm run schema --workspace app` generates it from a migrated database; a test fails when it is out of date.
-- Change migrations/ and functions/ instead. migrations/0001_roles.sql says what each login is for.
-- The migrator keeps its own records in public.schema_migrations and public.schema_functions.

-- The customers of the platform
CREATE TABLE payments.merchants (
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  suspended_at timestamp with time zone, -- Since when the API refuses the keys and sessions of the merchant
  CONSTRAINT merchants_pkey PRIMARY KEY (id),
  CONSTRAINT merchants_name_key UNIQUE (name),
  CONSTRAINT merchants_name_check CHECK (length(name) >= 1 AND length(name) <= 100)
);
GRANT SELECT (id) ON payments.merchants TO payments_drill;

-- Digests of API keys, with what each key may do
CREATE TABLE payments.api_keys (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  key_hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  name text NOT NULL DEFAULT 'API key'::text,
  last_used_at timestamp with time zone, -- Exact to a minute or two
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_keys_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT api_keys_key_hash_check CHECK (length(key_hash) = 32),
  CONSTRAINT api_keys_name_check CHECK (length(name) >= 1 AND length(name) <= 100),
  CONSTRAINT api_keys_scopes_check CHECK (scopes <@ ARRAY['payments:read'::text, 'payments:write'::text, 'refunds:write'::text, 'reports:read'::text, 'keys:write'::text, 'webhooks:write'::text])
);
CREATE INDEX api_keys_newest_first ON payments.api_keys USING btree (merchant_id, created_at DESC, id DESC);

-- Browser sessions; each was opened with an API key and ends with it
CREATE TABLE payments.sessions (
  token_hash bytea NOT NULL,
  api_key_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (token_hash),
  CONSTRAINT sessions_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES payments.api_keys(id),
  CONSTRAINT sessions_token_hash_check CHECK (length(token_hash) = 32)
);

-- The certificate that a merchant's requests must present, where clients authenticate with certificates
CREATE TABLE payments.client_certificates (
  merchant_id uuid NOT NULL,
  subject text NOT NULL, -- Distinguished name; it stays the same when the certificate is renewed
  bound_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT client_certificates_pkey PRIMARY KEY (merchant_id),
  CONSTRAINT client_certificates_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT client_certificates_subject_check CHECK (length(subject) >= 1 AND length(subject) <= 1024)
);
ALTER TABLE payments.client_certificates ENABLE ROW LEVEL SECURITY;

-- Payments, with their current status and amounts
CREATE TABLE payments.payments (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  status text NOT NULL,
  amount_minor bigint NOT NULL,
  captured_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency text NOT NULL,
  payment_token text NOT NULL,
  reference text,
  description text,
  decline_code text,
  acquirer_id text, -- The acquirer's id of the payment
  pending_operation uuid, -- The operation between its preparation and its end; no other operation may change the payment meanwhile
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  action_url text, -- Where the customer authenticates, while the status is requires_action
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb, -- Up to 20 pairs of strings of the merchant; written once
  CONSTRAINT payments_pkey PRIMARY KEY (id),
  CONSTRAINT payments_of_merchant UNIQUE (id, merchant_id),
  CONSTRAINT payments_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT payments_amount_minor_check CHECK (amount_minor > 0),
  CONSTRAINT payments_check CHECK (captured_minor >= 0 AND captured_minor <= amount_minor),
  CONSTRAINT payments_check1 CHECK (refunded_minor >= 0 AND refunded_minor <= captured_minor),
  CONSTRAINT payments_currency_check CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'::text) = ''::text),
  CONSTRAINT payments_description_check CHECK (length(description) <= 255),
  CONSTRAINT payments_metadata_check CHECK (metadata = '{}'::jsonb OR jsonb_typeof(metadata) = 'object'::text AND jsonb_array_length(jsonb_path_query_array(metadata, 'strict $.keyvalue()'::jsonpath, silent => true)) <= 20 AND NOT jsonb_path_exists(metadata, '$.*?(@.type() != "string")'::jsonpath)) NOT VALID,
  CONSTRAINT payments_payment_token_check CHECK ((starts_with(payment_token, 'tok_'::text) OR starts_with(payment_token, 'pm_'::text)) AND payment_token <> 'tok_'::text AND length(payment_token) >= 4 AND length(payment_token) <= 64 AND ltrim(payment_token, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'::text) = ''::text),
  CONSTRAINT payments_reference_check CHECK (length(reference) <= 64),
  CONSTRAINT payments_status_check CHECK (status = ANY (ARRAY['processing'::text, 'requires_action'::text, 'authorized'::text, 'declined'::text, 'captured'::text, 'voided'::text, 'expired'::text, 'partially_refunded'::text, 'refunded'::text])) NOT VALID
) WITH (fillfactor=50);
CREATE INDEX payments_by_reference ON payments.payments USING btree (merchant_id, reference) WHERE (reference IS NOT NULL);
CREATE INDEX payments_newest ON payments.payments USING btree (merchant_id, created_at DESC, id DESC);
CREATE TRIGGER check_move BEFORE UPDATE ON payments.payments FOR EACH ROW EXECUTE FUNCTION payments.check_move();
ALTER TABLE payments.payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.payments FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.payments TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT, UPDATE ON payments.payments TO payments_api;
GRANT SELECT (id, merchant_id, captured_minor, refunded_minor, currency, created_at) ON payments.payments TO payments_drill;
GRANT SELECT ON payments.payments TO payments_worker;

-- The timeline of each payment; written once
CREATE TABLE payments.payment_events (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  type text NOT NULL,
  amount_minor bigint,
  detail text,
  occurred_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  actor jsonb, -- Who asked for a capture, void or refund: kind (key or person), id and name; null for other events
  CONSTRAINT payment_events_pkey PRIMARY KEY (id),
  CONSTRAINT payment_events_payment_id_merchant_id_fkey FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments(id, merchant_id)
);
CREATE INDEX payment_events_timeline ON payments.payment_events USING btree (payment_id, occurred_at, id);
CREATE TRIGGER immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.payment_events FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
ALTER TABLE payments.payment_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.payment_events FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.payment_events TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON payments.payment_events TO payments_api;
GRANT SELECT (id, payment_id, occurred_at) ON payments.payment_events TO payments_drill;

-- Refunds of payments
CREATE TABLE payments.refunds (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  amount_minor bigint NOT NULL,
  reason text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT refunds_pkey PRIMARY KEY (id),
  CONSTRAINT refunds_payment_id_merchant_id_fkey FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments(id, merchant_id),
  CONSTRAINT refunds_amount_minor_check CHECK (amount_minor > 0),
  CONSTRAINT refunds_reason_check CHECK (length(reason) <= 255)
);
CREATE INDEX refunds_newest ON payments.refunds USING btree (merchant_id, created_at DESC, id DESC);
ALTER TABLE payments.refunds ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.refunds FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.refunds TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON payments.refunds TO payments_api;
GRANT SELECT (id, payment_id, amount_minor, created_at) ON payments.refunds TO payments_drill;

-- One row for each request that changes something
CREATE TABLE payments.idempotency_keys (
  merchant_id uuid NOT NULL,
  key text NOT NULL,
  operation_id uuid NOT NULL,
  request_hash bytea NOT NULL,
  recovery_point text NOT NULL DEFAULT 'claimed'::text, -- claimed: nothing has happened; prepared: the acquirer may have the request; finished: the response is stored
  operation jsonb,
  leased_until timestamp with time zone, -- Until then the operation belongs to the process that works on it; after a crash the lease expires
  response_status integer,
  response json, -- The response without the time at which it was stored; finished_at is that time
  finished_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  correlation_id text, -- The request that began the operation, as logs name it
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (merchant_id, key),
  CONSTRAINT idempotency_keys_operation_id_key UNIQUE (operation_id),
  CONSTRAINT idempotency_keys_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT idempotency_keys_check CHECK ((recovery_point = 'finished'::text) = (response_status IS NOT NULL AND response IS NOT NULL AND finished_at IS NOT NULL)),
  CONSTRAINT idempotency_keys_check1 CHECK (recovery_point = 'claimed'::text OR operation IS NOT NULL),
  CONSTRAINT idempotency_keys_correlation_id_check CHECK (length(correlation_id) >= 8 AND length(correlation_id) <= 128),
  CONSTRAINT idempotency_keys_key_check CHECK (length(key) >= 1 AND length(key) <= 255),
  CONSTRAINT idempotency_keys_recovery_point_check CHECK (recovery_point = ANY (ARRAY['claimed'::text, 'prepared'::text, 'finished'::text])),
  CONSTRAINT idempotency_keys_request_hash_check CHECK (length(request_hash) = 32)
);
CREATE INDEX idempotency_keys_unfinished ON payments.idempotency_keys USING btree (leased_until) WHERE (recovery_point = 'prepared'::text);
ALTER TABLE payments.idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.idempotency_keys TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT, UPDATE ON payments.idempotency_keys TO payments_api;
GRANT SELECT, UPDATE (leased_until) ON payments.idempotency_keys TO payments_worker;

-- What the ledger books: one posting for each capture and refund; written once
CREATE TABLE payments.postings (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT postings_pkey PRIMARY KEY (id),
  CONSTRAINT postings_as_entries_name_them UNIQUE (id, payment_id, merchant_id, currency),
  CONSTRAINT postings_payment_id_merchant_id_fkey FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments(id, merchant_id),
  CONSTRAINT postings_currency_check CHECK (length(currency) = 3 AND ltrim(currency, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'::text) = ''::text),
  CONSTRAINT postings_kind_check CHECK (kind = ANY (ARRAY['capture'::text, 'refund'::text]))
);
CREATE TRIGGER immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.postings FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
CREATE TRIGGER postings_have_entries AFTER INSERT ON payments.postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_postings();
ALTER TABLE payments.postings ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.postings FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.postings TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON payments.postings TO payments_api;
GRANT SELECT ON payments.postings TO payments_drill;

-- The entries of postings; the entries of a posting sum to zero; written once
CREATE TABLE payments.entries (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  posting_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  account text NOT NULL,
  amount_minor bigint NOT NULL, -- A debit is positive, a credit is negative
  currency text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  transaction_id bigint NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint, -- The transaction that wrote the entry; 0 if the entry is older than this column
  CONSTRAINT entries_pkey PRIMARY KEY (id),
  CONSTRAINT entries_posting_id_payment_id_merchant_id_currency_fkey FOREIGN KEY (posting_id, payment_id, merchant_id, currency) REFERENCES payments.postings(id, payment_id, merchant_id, currency),
  CONSTRAINT entries_account_check CHECK (account = ANY (ARRAY['acquirer_receivable'::text, 'merchant_payable'::text])),
  CONSTRAINT entries_amount_minor_check CHECK (amount_minor <> 0)
);
CREATE INDEX entries_newest ON payments.entries USING btree (merchant_id, created_at DESC, id DESC);
CREATE INDEX entries_of_payment ON payments.entries USING btree (payment_id);
CREATE INDEX entries_of_posting ON payments.entries USING btree (posting_id);
CREATE INDEX entries_of_transactions ON payments.entries USING brin (transaction_id) WITH (pages_per_range='32', autosummarize='on');
CREATE TRIGGER entries_are_balanced AFTER INSERT ON payments.entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments.check_new_entries();
CREATE TRIGGER immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.entries FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
ALTER TABLE payments.entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.entries FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.entries TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT ON payments.entries TO payments_api;
GRANT SELECT ON payments.entries TO payments_drill;

-- Events to deliver, at least once and in order for each payment; the events of one change are one entry
CREATE TABLE payments.outbox (
  id uuid NOT NULL, -- The id of the entry and of its first event
  sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone NOT NULL DEFAULT now(),
  delivered_at timestamp with time zone,
  correlation_id text, -- The request that caused the event, as logs name it
  trace_header text, -- The place in a trace, in the form of the header X-Amzn-Trace-Id; null while tracing is off
  additional_events jsonb, -- The additional events of the same change, in order, as the writer gave them; null when there is one event
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_correlation_id_check CHECK (length(correlation_id) >= 8 AND length(correlation_id) <= 128),
  CONSTRAINT outbox_trace_header_check CHECK (length(trace_header) <= 256)
) WITH (fillfactor=50, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=50000, vacuum_index_cleanup=on);
CREATE INDEX outbox_of_payment ON payments.outbox USING btree (payment_id, sequence) WHERE (delivered_at IS NULL);
CREATE INDEX outbox_waiting ON payments.outbox USING btree (sequence) WHERE (delivered_at IS NULL);
ALTER TABLE payments.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.outbox TO payments_api, payments_worker USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);

-- Events that can never be consumed, and why, where no queue keeps dead letters; later events are delivered
CREATE TABLE payments.parked_events (
  event_id uuid NOT NULL,
  reason text NOT NULL,
  parked_at timestamp with time zone NOT NULL DEFAULT now(),
  entry_id uuid NOT NULL,
  CONSTRAINT parked_events_pkey PRIMARY KEY (event_id),
  CONSTRAINT parked_events_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES payments.outbox(id)
);

-- Events that were consumed
CREATE TABLE payments.event_receipts (
  event_id uuid NOT NULL,
  consumed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT event_receipts_pkey PRIMARY KEY (event_id)
);

-- What the consumer computes from events: one row for each merchant, day (UTC) and currency
CREATE TABLE payments.daily_totals (
  merchant_id uuid NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  approved_count bigint NOT NULL DEFAULT 0,
  declined_count bigint NOT NULL DEFAULT 0,
  captured_minor bigint NOT NULL DEFAULT 0,
  refunded_minor bigint NOT NULL DEFAULT 0,
  CONSTRAINT daily_totals_pkey PRIMARY KEY (merchant_id, day, currency),
  CONSTRAINT daily_totals_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id)
);
ALTER TABLE payments.daily_totals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.daily_totals TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.daily_totals TO payments_api;

-- Registered documents of payments; the document store keeps the content under the ids of the row
CREATE TABLE payments.documents (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  name text NOT NULL,
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  stored_at timestamp with time zone, -- When the store received the content; null until the API has asked the store
  CONSTRAINT documents_pkey PRIMARY KEY (id),
  CONSTRAINT documents_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT documents_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments.payments(id),
  CONSTRAINT documents_name_check CHECK (length(name) >= 1 AND length(name) <= 255),
  CONSTRAINT documents_sha256_check CHECK (length(sha256) = 32),
  CONSTRAINT documents_size_bytes_check CHECK (size_bytes > 0)
);
CREATE INDEX documents_newest ON payments.documents USING btree (payment_id, created_at DESC, id DESC);
CREATE TRIGGER immutable BEFORE DELETE OR TRUNCATE ON payments.documents FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
CREATE TRIGGER stored_once BEFORE UPDATE ON payments.documents FOR EACH ROW EXECUTE FUNCTION payments.refuse_second_storing();
ALTER TABLE payments.documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY drill_reads_all ON payments.documents FOR SELECT TO payments_drill USING (true);
CREATE POLICY own_rows ON payments.documents TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT INSERT, SELECT, UPDATE (stored_at) ON payments.documents TO payments_api;
GRANT SELECT (id, payment_id, size_bytes, created_at) ON payments.documents TO payments_drill;

-- Digests of the keys with which operators administer merchants
CREATE TABLE payments.operator_keys (
  id uuid NOT NULL,
  name text NOT NULL,
  key_hash bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  CONSTRAINT operator_keys_pkey PRIMARY KEY (id),
  CONSTRAINT operator_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT operator_keys_key_hash_check CHECK (length(key_hash) = 32),
  CONSTRAINT operator_keys_name_check CHECK (length(name) >= 1 AND length(name) <= 100)
);

-- Every administrative act. Only the functions that perform an act add its entry
CREATE TABLE payments.audit_entries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL, -- Who acted: operator:ID or key:ID, where ID is that of the key, or person:SUBJECT
  action text NOT NULL,
  merchant_id uuid NOT NULL,
  target_id uuid NOT NULL, -- The merchant, the API key or the webhook endpoint that the act changed
  before jsonb,
  after jsonb,
  correlation_id text NOT NULL,
  transaction_id bigint NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint, -- The transaction that wrote the entry; 0 if the entry is older than this column
  CONSTRAINT audit_entries_pkey PRIMARY KEY (id),
  CONSTRAINT audit_entries_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT audit_entries_actor_check CHECK (actor ~ '^((operator|key):[0-9a-f-]{36}|person:.{1,255})$'::text)
);
CREATE INDEX audit_entries_newest_first ON payments.audit_entries USING btree (created_at DESC, id DESC);
CREATE INDEX audit_entries_of_merchant ON payments.audit_entries USING btree (merchant_id, created_at DESC, id DESC);
CREATE INDEX audit_entries_of_transactions ON payments.audit_entries USING btree (transaction_id, id);
CREATE TRIGGER immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();

-- The hash chain of each merchant over its ledger entries and audit entries. Only seal_blocks adds a block
CREATE TABLE payments.ledger_blocks (
  chain text NOT NULL,
  merchant_id uuid NOT NULL,
  number bigint NOT NULL,
  after_transaction bigint NOT NULL, -- The block covers the rows of its merchant after (after_transaction, after_row) up to (until_transaction, until_row)
  after_row uuid NOT NULL,
  until_transaction bigint NOT NULL,
  until_row uuid NOT NULL,
  row_count integer NOT NULL,
  row_digests bytea NOT NULL, -- For each row its id (16 bytes) and the SHA-256 of its content (32 bytes), ordered by transaction and id
  previous_digest bytea,
  digest bytea NOT NULL, -- SHA-256 of a JSON array of the other columns in the order of seal_blocks, followed by row_digests
  sealed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ledger_blocks_pkey PRIMARY KEY (chain, merchant_id, number),
  CONSTRAINT ledger_blocks_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT ledger_blocks_chain_check CHECK (chain = ANY (ARRAY['entries'::text, 'audit_entries'::text])),
  CONSTRAINT ledger_blocks_check CHECK (length(row_digests) = (48 * row_count)),
  CONSTRAINT ledger_blocks_check1 CHECK ((number = 1) = (previous_digest IS NULL)),
  CONSTRAINT ledger_blocks_digest_check CHECK (length(digest) = 32),
  CONSTRAINT ledger_blocks_number_check CHECK (number >= 1),
  CONSTRAINT ledger_blocks_previous_digest_check CHECK (length(previous_digest) = 32),
  CONSTRAINT ledger_blocks_row_count_check CHECK (row_count >= 1)
);
CREATE UNIQUE INDEX ledger_blocks_in_order ON payments.ledger_blocks USING btree (chain, until_transaction, until_row, merchant_id);
CREATE TRIGGER immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.ledger_blocks FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
GRANT SELECT (chain, merchant_id, number, digest, sealed_at) ON payments.ledger_blocks TO payments_drill;

-- When a periodic check of the chains started
CREATE TABLE payments.ledger_checks (
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ledger_checks_pkey PRIMARY KEY (started_at)
);

-- Where merchants receive events
CREATE TABLE payments.webhook_endpoints (
  id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  url text NOT NULL,
  event_types text[] NOT NULL,
  description text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  healthy_since timestamp with time zone NOT NULL DEFAULT now(), -- When it was created, enabled or last recovered; an event is not late because it waited before
  failing_since timestamp with time zone, -- The first failed attempt after the last successful one
  disabled_at timestamp with time zone,
  disabled_reason text, -- requested: by the merchant; failing: every attempt failed for days; gone: the endpoint answered 410
  deleted_at timestamp with time zone,
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_endpoints_of_merchant UNIQUE (id, merchant_id),
  CONSTRAINT webhook_endpoints_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT webhook_endpoints_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CONSTRAINT webhook_endpoints_description_check CHECK (length(description) >= 1 AND length(description) <= 255),
  CONSTRAINT webhook_endpoints_disabled_reason_check CHECK (disabled_reason = ANY (ARRAY['requested'::text, 'failing'::text, 'gone'::text])),
  CONSTRAINT webhook_endpoints_event_types_check CHECK (cardinality(event_types) > 0),
  CONSTRAINT webhook_endpoints_url_check CHECK (length(url) >= 1 AND length(url) <= 2048)
);
CREATE INDEX webhook_endpoints_newest ON payments.webhook_endpoints USING btree (merchant_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
ALTER TABLE payments.webhook_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.webhook_endpoints TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.webhook_endpoints TO payments_api;

-- Signing secrets, sealed with a key that the database does not have; two while one is rolled
CREATE TABLE payments.webhook_secrets (
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  CONSTRAINT webhook_secrets_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_secrets_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES payments.webhook_endpoints(id) ON DELETE CASCADE
);
CREATE INDEX webhook_secrets_of_endpoint ON payments.webhook_secrets USING btree (endpoint_id, created_at DESC, id DESC);
ALTER TABLE payments.webhook_secrets ENABLE ROW LEVEL SECURITY;

-- Events to send to an endpoint, at least once and in order for each payment
CREATE TABLE payments.webhook_deliveries (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  merchant_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  payment_id uuid, -- Null for a test event, which waits for no other
  payload jsonb NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  correlation_id text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'pending'::text,
  attempts integer NOT NULL DEFAULT 0, -- How often it was claimed. A process whose lease has expired no longer knows the current number
  failures integer NOT NULL DEFAULT 0, -- Failed attempts since it was created or last resent
  next_attempt_at timestamp with time zone NOT NULL DEFAULT now(),
  leased_until timestamp with time zone, -- Until then a process is sending it; after a crash the lease expires
  retry_until timestamp with time zone, -- When a failed delivery is parked; set by its first attempt
  ended_at timestamp with time zone,
  changed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_deliveries_of_merchant UNIQUE (id, merchant_id),
  CONSTRAINT webhook_deliveries_once_for_each_event UNIQUE (endpoint_id, event_id),
  CONSTRAINT webhook_deliveries_endpoint_id_merchant_id_fkey FOREIGN KEY (endpoint_id, merchant_id) REFERENCES payments.webhook_endpoints(id, merchant_id),
  CONSTRAINT webhook_deliveries_check CHECK ((status = 'pending'::text) = (ended_at IS NULL)),
  CONSTRAINT webhook_deliveries_check1 CHECK (leased_until IS NULL OR status = 'pending'::text),
  CONSTRAINT webhook_deliveries_correlation_id_check CHECK (length(correlation_id) >= 8 AND length(correlation_id) <= 128),
  CONSTRAINT webhook_deliveries_status_check CHECK (status = ANY (ARRAY['pending'::text, 'delivered'::text, 'parked'::text]))
);
CREATE INDEX webhook_deliveries_by_change ON payments.webhook_deliveries USING btree (changed_at);
CREATE INDEX webhook_deliveries_due ON payments.webhook_deliveries USING btree (endpoint_id, next_attempt_at, sequence) WHERE (status = 'pending'::text);
CREATE INDEX webhook_deliveries_leased ON payments.webhook_deliveries USING btree (endpoint_id) WHERE (leased_until IS NOT NULL);
CREATE INDEX webhook_deliveries_newest ON payments.webhook_deliveries USING btree (merchant_id, endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_of_payment ON payments.webhook_deliveries USING btree (endpoint_id, payment_id, sequence) WHERE (status = 'pending'::text);
ALTER TABLE payments.webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.webhook_deliveries TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.webhook_deliveries TO payments_api;

-- Every attempt to deliver, with the beginning of the response
CREATE TABLE payments.webhook_attempts (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  merchant_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  status_code integer,
  error text,
  response_start text,
  CONSTRAINT webhook_attempts_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_attempts_delivery_id_merchant_id_fkey FOREIGN KEY (delivery_id, merchant_id) REFERENCES payments.webhook_deliveries(id, merchant_id) ON DELETE CASCADE,
  CONSTRAINT webhook_attempts_duration_ms_check CHECK (duration_ms >= 0),
  CONSTRAINT webhook_attempts_response_start_check CHECK (length(response_start) <= 1024)
);
CREATE INDEX webhook_attempts_newest ON payments.webhook_attempts USING btree (merchant_id, delivery_id, created_at DESC, id DESC);
CREATE INDEX webhook_attempts_of_delivery ON payments.webhook_attempts USING btree (delivery_id);
ALTER TABLE payments.webhook_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.webhook_attempts TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.webhook_attempts TO payments_api;

-- Declined payments of each day in UTC by reason, as the consumer counts them; their sum is declined_count of the daily totals
CREATE TABLE payments.daily_declines (
  merchant_id uuid NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  decline_code text NOT NULL,
  declined_count bigint NOT NULL,
  CONSTRAINT daily_declines_pkey PRIMARY KEY (merchant_id, day, currency, decline_code),
  CONSTRAINT daily_declines_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id)
);
ALTER TABLE payments.daily_declines ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.daily_declines TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.daily_declines TO payments_api;

-- When payments were authorized, until each has expired or a later status is noticed
CREATE TABLE payments.authorizations (
  payment_id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  authorized_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT authorizations_pkey PRIMARY KEY (payment_id),
  CONSTRAINT authorizations_payment_id_merchant_id_fkey FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments(id, merchant_id)
);
CREATE INDEX authorizations_oldest ON payments.authorizations USING btree (authorized_at);
ALTER TABLE payments.authorizations ENABLE ROW LEVEL SECURITY;

-- Browser sessions of persons whom the identity provider has signed in; tokens of the provider are not stored
CREATE TABLE payments.person_sessions (
  token_hash bytea NOT NULL,
  merchant_id uuid NOT NULL,
  subject text NOT NULL, -- Identifies the person at the identity provider and never changes
  name text NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone NOT NULL DEFAULT now(), -- Exact to a minute or two
  idle_minutes integer NOT NULL, -- How long after its last use the session ends
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT person_sessions_pkey PRIMARY KEY (token_hash),
  CONSTRAINT person_sessions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES payments.merchants(id),
  CONSTRAINT person_sessions_idle_minutes_check CHECK (idle_minutes > 0),
  CONSTRAINT person_sessions_name_check CHECK (length(name) >= 1 AND length(name) <= 100),
  CONSTRAINT person_sessions_role_check CHECK (role = ANY (ARRAY['viewer'::text, 'support'::text, 'administrator'::text])),
  CONSTRAINT person_sessions_subject_check CHECK (length(subject) >= 1 AND length(subject) <= 255),
  CONSTRAINT person_sessions_token_hash_check CHECK (length(token_hash) = 32)
);

-- What the simulated acquirer remembers: which customers authenticated. Other acquirers have no rows here
CREATE TABLE payments.simulated_challenges (
  id text NOT NULL,
  reference uuid NOT NULL,
  return_url text NOT NULL,
  captures boolean NOT NULL,
  outcome text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT simulated_challenges_pkey PRIMARY KEY (id),
  CONSTRAINT simulated_challenges_outcome_check CHECK (outcome = ANY (ARRAY['passed'::text, 'failed'::text, 'canceled'::text]))
);
ALTER TABLE payments.simulated_challenges ENABLE ROW LEVEL SECURITY;

-- The pairs of payments.metadata, to find payments by them
CREATE TABLE payments.payment_metadata (
  payment_id uuid NOT NULL,
  merchant_id uuid NOT NULL,
  name text NOT NULL,
  value text NOT NULL,
  payment_created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT payment_metadata_pkey PRIMARY KEY (payment_id, name),
  CONSTRAINT payment_metadata_payment_id_merchant_id_fkey FOREIGN KEY (payment_id, merchant_id) REFERENCES payments.payments(id, merchant_id),
  CONSTRAINT payment_metadata_name_check CHECK (length(name) >= 1 AND length(name) <= 40),
  CONSTRAINT payment_metadata_value_check CHECK (length(value) >= 1 AND length(value) <= 255)
);
CREATE INDEX payment_metadata_newest ON payments.payment_metadata USING btree (merchant_id, name, value, payment_created_at DESC, payment_id DESC);
ALTER TABLE payments.payment_metadata ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON payments.payment_metadata TO payments_api USING (merchant_id = NULLIF(current_setting('app.merchant_id'::text, true), ''::text)::uuid);
GRANT SELECT ON payments.payment_metadata TO payments_api;

-- Functions; functions/NAME.sql has the text of each.
--
-- add_rotated_key(key_id uuid, known bytea, added bytea)
--   returns SETOF uuid; runs as its owner; executed by payments_key_rotation
--
-- add_test_delivery(merchant uuid, endpoint uuid, event uuid, correlation text)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- begin_challenge(challenge_id text, operation uuid, return_to text, on_capture boolean)
--   returns TABLE(id text, reference uuid, return_url text, captures boolean, outcome text); runs as its owner; executed by payments_api, payments_worker
--
-- begin_payments(requests jsonb)
--   returns TABLE(operation_id uuid, begun_at timestamp with time zone); runs as its owner; executed by payments_api
--
-- bind_client_certificate(merchant uuid, presented text)
--   returns TABLE(subject text, is_new boolean); runs as its owner; executed by payments_api
--
-- chained_rows(of_chain text, after_transaction bigint, after_row uuid, until_transaction bigint, until_row uuid, most integer)
--   returns TABLE(merchant_id uuid, transaction_id bigint, row_id uuid, digest bytea); runs as its owner; executed by payments_api, payments_drill
--
-- change_webhook_endpoint(actor text, correlation text, merchant uuid, endpoint uuid, new_url text, new_types text[], new_description text)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- check_move()
--   returns trigger; runs as its caller; a trigger
--
-- check_new_entries()
--   returns trigger; runs as its caller; a trigger
--
-- check_new_postings()
--   returns trigger; runs as its owner; a trigger
--
-- claim_ledger_check(period interval)
--   returns boolean; runs as its owner; executed by payments_api
--
-- claim_webhook_deliveries(most integer, lease interval)
--   returns TABLE(id uuid, attempt integer, failures integer, endpoint_id uuid, url text, sealed_secrets bytea[], event_id uuid, event_type text, payment_id uuid, payload jsonb, occurred_at timestamp with time zone, correlation_id text); runs as its owner; executed by payments_api
--
-- close_session(token bytea)
--   returns void; runs as its owner; executed by payments_api
--
-- consume_events(events jsonb)
--   returns SETOF uuid; runs as its owner; executed by payments_api, payments_worker
--
-- create_merchant(actor text, correlation text, merchant uuid, merchant_name text)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- create_webhook_endpoint(actor text, correlation text, merchant uuid, endpoint uuid, new_url text, new_types text[], new_description text, secret_id uuid, sealed_secret bytea)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- decide_challenge(challenge_id text, decision text)
--   returns TABLE(id text, reference uuid, return_url text, captures boolean, outcome text); runs as its owner; executed by payments_api, payments_worker
--
-- delete_webhook_endpoint(actor text, correlation text, merchant uuid, endpoint uuid)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- enable_webhook_endpoint(actor text, correlation text, merchant uuid, endpoint uuid, enable boolean)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- end_api_key(actor text, correlation text, merchant uuid, key_id uuid, seconds integer)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- expired_authorizations(lifetime interval, most integer)
--   returns TABLE(merchant_id uuid, payment_id uuid); runs as its owner; executed by payments_api
--
-- finish_operations(outcomes json)
--   returns TABLE(operation_id uuid, finished_at timestamp with time zone); runs as its owner; executed by payments_api, payments_worker
--
-- is_rotated_key_valid(added bytea)
--   returns boolean; runs as its owner; executed by payments_key_rotation
--
-- issue_api_key(actor text, correlation text, merchant uuid, key_id uuid, key_name text, hash bytea, granted text[], ends timestamp with time zone)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- list_api_keys(merchant uuid, only_id uuid, after_time timestamp with time zone, after_id uuid, rows integer)
--   returns TABLE(id uuid, name text, scopes text[], created_at timestamp with time zone, expires_at timestamp with time zone, revoked_at timestamp with time zone, last_used_at timestamp with time zone); runs as its owner; executed by payments_api
--
-- list_audit_entries(of_merchant uuid, after_time timestamp with time zone, after_id uuid, rows integer)
--   returns SETOF payments.audit_entries; runs as its owner; executed by payments_api
--
-- list_blocks(of_chain text, after_transaction bigint, after_row uuid, most integer)
--   returns SETOF payments.ledger_blocks; runs as its owner; executed by payments_api, payments_drill
--
-- list_merchants(only_id uuid, after_time timestamp with time zone, after_id uuid, rows integer)
--   returns TABLE(id uuid, name text, created_at timestamp with time zone, suspended_at timestamp with time zone, certificate_subject text); runs as its owner; executed by payments_api
--
-- mark_delivered(delivered uuid[])
--   returns void; runs as its owner; executed by payments_api
--
-- may_move(from_status text, to_status text)
--   returns boolean; runs as its caller; executed by payments_api
--
-- merchant_of_operation(wanted uuid)
--   returns uuid; runs as its owner; executed by payments_api
--
-- merchants_of(key_hashes bytea[], token_hashes bytea[])
--   returns TABLE(digest bytea, of_session boolean, merchant_id uuid, merchant_name text, scopes text[], api_key_id uuid, expires_at timestamp with time zone, api_key_name text, person_subject text, person_name text, person_role text); runs as its owner; executed by payments_api
--
-- open_person_session(token bytea, merchant uuid, person_subject text, person_name text, person_role text, idle integer, minutes integer)
--   returns timestamp with time zone; runs as its owner; executed by payments_api
--
-- open_session(token bytea, key_id uuid, ends timestamp with time zone)
--   returns void; runs as its owner; executed by payments_api
--
-- operator_of(hash bytea)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- outbox_lag_seconds()
--   returns double precision; runs as its owner; executed by payments_api
--
-- park_event(event uuid, why text)
--   returns void; runs as its owner; executed by payments_api
--
-- prune_authorizations(lifetime interval, most integer)
--   returns bigint; runs as its owner; executed by payments_api
--
-- prune_webhooks(most integer)
--   returns bigint; runs as its owner; executed by payments_api
--
-- record_key_uses(used uuid[])
--   returns void; runs as its owner; executed by payments_api
--
-- record_session_uses(token_hashes bytea[])
--   returns void; runs as its owner; executed by payments_api
--
-- record_webhook_attempts(made jsonb)
--   returns TABLE(id uuid, status text, disabled_reason text); runs as its owner; executed by payments_api
--
-- refuse_change()
--   returns trigger; runs as its caller; a trigger
--
-- refuse_second_storing()
--   returns trigger; runs as its caller; a trigger
--
-- require_action(merchant uuid, request_key text, wanted uuid, event uuid, acquirer text, url text, correlation text, trace text)
--   returns void; runs as its owner; executed by payments_api, payments_worker
--
-- resend_webhook_deliveries(merchant uuid, endpoint uuid, only_id uuid, from_time timestamp with time zone, to_time timestamp with time zone, only_status text)
--   returns bigint; runs as its owner; executed by payments_api
--
-- revoke_rotated_key(revoked bytea)
--   returns void; runs as its owner; executed by payments_key_rotation
--
-- roll_webhook_secret(actor text, correlation text, merchant uuid, endpoint uuid, secret_id uuid, sealed_secret bytea, seconds integer)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- seal_blocks(of_chain text, most integer, pause interval)
--   returns integer; runs as its owner; executed by payments_api
--
-- set_client_certificate(actor text, correlation text, merchant uuid, new_subject text)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- stuck_operations(older_than interval, most integer)
--   returns TABLE(merchant_id uuid, key text, request_hash bytea, correlation_id text); runs as its owner; executed by payments_api
--
-- suspend_merchant(actor text, correlation text, merchant uuid, suspend boolean)
--   returns SETOF uuid; runs as its owner; executed by payments_api
--
-- take_from_outbox(most integer, lease interval)
--   returns TABLE(id uuid, merchant_id uuid, payment_id uuid, type text, payload jsonb, created_at timestamp with time zone, correlation_id text, trace_header text); runs as its owner; executed by payments_api
--
-- unpark_events()
--   returns bigint; runs as its owner; executed by the administrator
--
-- webhook_lag_seconds()
--   returns double precision; runs as its owner; executed by payments_api
