-- The inbox in PostgreSQL, version 1. It may be run again.
-- One at a time: two that make the same table at once would fail.
SELECT pg_advisory_xact_lock(1196705645, 1);

CREATE TABLE IF NOT EXISTS gateway_inbox (
    queue text NOT NULL,
    message_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (queue, message_id)
);

CREATE INDEX IF NOT EXISTS gateway_inbox_age ON gateway_inbox (received_at);

CREATE TABLE IF NOT EXISTS gateway_inbox_version (version integer PRIMARY KEY);
INSERT INTO gateway_inbox_version (version) VALUES (1) ON CONFLICT DO NOTHING;
