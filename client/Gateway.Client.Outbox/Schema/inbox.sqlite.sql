-- The inbox in SQLite, version 1. It may be run again.
CREATE TABLE IF NOT EXISTS gateway_inbox (
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    received_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (queue, message_id)
);

CREATE INDEX IF NOT EXISTS gateway_inbox_age ON gateway_inbox (received_at);

CREATE TABLE IF NOT EXISTS gateway_inbox_version (version INTEGER PRIMARY KEY);
INSERT INTO gateway_inbox_version (version) VALUES (1) ON CONFLICT DO NOTHING;
