-- The outbox in SQL Server, version 1. It may be run again. Columns: see the package's page.
-- Not tested: no server of this kind runs with the tests.
IF OBJECT_ID(N'gateway_outbox', N'U') IS NULL
CREATE TABLE gateway_outbox (
    id bigint IDENTITY(1, 1) NOT NULL PRIMARY KEY,
    message_id uniqueidentifier NOT NULL,
    destination varchar(129) NOT NULL,
    headers nvarchar(max) NULL,
    body varbinary(max) NOT NULL,
    expires_at bigint NOT NULL DEFAULT 0,
    created_at datetimeoffset NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    state smallint NOT NULL DEFAULT 0,
    attempts int NOT NULL DEFAULT 0,
    error nvarchar(max) NULL,
    INDEX gateway_outbox_ready (id) WHERE state = 0,
    INDEX gateway_outbox_waiting (destination, id) WHERE state = 1,
    INDEX gateway_outbox_failed (destination, id) WHERE state = 2
);

IF OBJECT_ID(N'gateway_outbox_version', N'U') IS NULL
CREATE TABLE gateway_outbox_version (version int NOT NULL PRIMARY KEY);

IF NOT EXISTS (SELECT 1 FROM gateway_outbox_version WHERE version = 1)
INSERT INTO gateway_outbox_version (version) VALUES (1);
