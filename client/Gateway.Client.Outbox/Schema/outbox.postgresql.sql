-- The outbox in PostgreSQL, version 1. It may be run again. Columns: see the package's page.
-- One at a time: two that make the same table at once would fail.
SELECT pg_advisory_xact_lock(1196705645, 0);

CREATE TABLE IF NOT EXISTS gateway_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid NOT NULL,
    destination text NOT NULL,
    headers text,
    body bytea NOT NULL,
    expires_at bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    state smallint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    error text
);

CREATE INDEX IF NOT EXISTS gateway_outbox_ready ON gateway_outbox (id) WHERE state = 0;
CREATE INDEX IF NOT EXISTS gateway_outbox_waiting ON gateway_outbox (destination, id) WHERE state = 1;
CREATE INDEX IF NOT EXISTS gateway_outbox_failed ON gateway_outbox (destination, id) WHERE state = 2;

CREATE TABLE IF NOT EXISTS gateway_outbox_version (version integer PRIMARY KEY);
INSERT INTO gateway_outbox_version (version) VALUES (1) ON CONFLICT DO NOTHING;
