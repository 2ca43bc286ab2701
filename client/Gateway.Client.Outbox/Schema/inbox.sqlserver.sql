-- The inbox in SQL Server, version 1. It may be run again.
-- Not tested: no server of this kind runs with the tests.
IF OBJECT_ID(N'gateway_inbox', N'U') IS NULL
CREATE TABLE gateway_inbox (
    queue varchar(64) NOT NULL,
    message_id uniqueidentifier NOT NULL,
    received_at datetimeoffset NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    PRIMARY KEY (queue, message_id),
    INDEX gateway_inbox_age (received_at)
);

IF OBJECT_ID(N'gateway_inbox_version', N'U') IS NULL
CREATE TABLE gateway_inbox_version (version int NOT NULL PRIMARY KEY);

IF NOT EXISTS (SELECT 1 FROM gateway_inbox_version WHERE version = 1)
INSERT INTO gateway_inbox_version (version) VALUES (1);
