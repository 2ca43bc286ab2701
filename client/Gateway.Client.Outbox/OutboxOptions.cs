using System.Data.Common;
using Gateway.Client.Wire;

namespace Gateway.Client.Outbox;

/// <summary>Where an outbox is, and how its relay sends. Read once, when outbox and relay are created.</summary>
public sealed class OutboxOptions
{
    private static readonly TimeSpan _waitLeast = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _waitMost = TimeSpan.FromHours(1);

    /// <summary>The database. Default PostgreSQL.</summary>
    public OutboxDialect Dialect { get; set; } = OutboxDialect.PostgreSql;

    /// <summary>Opens the relay's connections. Default null: the <see cref="DbDataSource"/> of the container.</summary>
    public DbDataSource? DataSource { get; set; }

    /// <summary>
    /// The table, behind a schema and a dot if wanted: letters, digits and underscores, at most 48. Default <c>gateway_outbox</c>.
    /// </summary>
    public string Table { get; set; } = OutboxTables.OutboxDefault;

    /// <summary>
    /// Whether PostgreSQL tells listeners of new rows (NOTIFY) when a transaction is committed. Such commits wait for each other for a
    /// moment, and cannot be prepared (two-phase commit). Default true.
    /// </summary>
    public bool Notify { get; set; } = true;

    /// <summary>How often the relay looks for rows of which nobody told it: 10 ms to 1 h, default 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The rows that are sent between two looks at the table: 1 to 1,000, default 500.</summary>
    public int BatchMessagesMax { get; set; } = 500;

    /// <summary>The bytes of their bodies; one row may have more. 1 to 16 MiB, default 2 MiB.</summary>
    public int BatchBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// The first wait after the gateway or the database did not answer, or refused a destination; it grows with each failure. 10 ms to 1 h,
    /// default 1 s.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait: <see cref="RetryDelay"/> to 1 h, default 30 s.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every fault of the options, a sentence each; empty if they are valid.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Dialect is null)
            yield return "Dialect is null.";
        if (!OutboxTables.IsName(Table))
            yield return $"Table '{Table}' is not a name of letters, digits and underscores, behind a schema and a dot if wanted.";
        if (PollInterval < _waitLeast || PollInterval > _waitMost)
            yield return $"PollInterval {PollInterval} is not between 10 ms and 1 h.";
        if (BatchMessagesMax is < 1 or > 1_000)
            yield return $"BatchMessagesMax {BatchMessagesMax} is not between 1 and 1,000.";
        if (BatchBytesMax is < 1 or > ProtocolLimits.BatchBytesHighest)
            yield return $"BatchBytesMax {BatchBytesMax} is not between 1 and {ProtocolLimits.BatchBytesHighest}.";
        if (RetryDelay < _waitLeast || RetryDelay > _waitMost)
            yield return $"RetryDelay {RetryDelay} is not between 10 ms and 1 h.";
        if (RetryDelayMax < RetryDelay || RetryDelayMax > _waitMost)
            yield return $"RetryDelayMax {RetryDelayMax} is not between RetryDelay and 1 h.";
    }
}
