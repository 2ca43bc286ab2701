-- The outbox in SQLite, version 1. It may be run again. Columns: see the package's page.
CREATE TABLE IF NOT EXISTS gateway_outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    headers TEXT,
    body BLOB NOT NULL,
    expires_at INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    state INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT
);

CREATE INDEX IF NOT EXISTS gateway_outbox_ready ON gateway_outbox (id) WHERE state = 0;
CREATE INDEX IF NOT EXISTS gateway_outbox_waiting ON gateway_outbox (destination, id) WHERE state = 1;
CREATE INDEX IF NOT EXISTS gateway_outbox_failed ON gateway_outbox (destination, id) WHERE state = 2;

CREATE TABLE IF NOT EXISTS gateway_outbox_version (version INTEGER PRIMARY KEY);
INSERT INTO gateway_outbox_version (version) VALUES (1) ON CONFLICT DO NOTHING;
