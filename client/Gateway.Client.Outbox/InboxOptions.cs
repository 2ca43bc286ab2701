using System.Data.Common;

namespace Gateway.Client.Outbox;

/// <summary>Where an inbox is, and how long it remembers. Read once, when the inbox is created.</summary>
public sealed class InboxOptions
{
    private static readonly TimeSpan _ageLeast = TimeSpan.FromHours(1);
    private static readonly TimeSpan _ageMost = TimeSpan.FromDays(3650);
    private static readonly TimeSpan _intervalLeast = TimeSpan.FromMinutes(1);

    /// <summary>The database. Default PostgreSQL.</summary>
    public OutboxDialect Dialect { get; set; } = OutboxDialect.PostgreSql;

    /// <summary>Opens the connections for cleaning. Default null: the <see cref="DbDataSource"/> of the container.</summary>
    public DbDataSource? DataSource { get; set; }

    /// <summary>
    /// The table, behind a schema and a dot if wanted: letters, digits and underscores, at most 48. Default <c>gateway_inbox</c>.
    /// </summary>
    public string Table { get; set; } = OutboxTables.InboxDefault;

    /// <summary>
    /// How long an id is remembered, by the database's clock: 1 h to 3,650 days, default 7 days. It must be longer than the time between
    /// two deliveries of a message can be.
    /// </summary>
    public TimeSpan Age { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How often older ids are removed, and how long the host runs before that is done first: messages that it had when it ended come again
    /// in that time. 1 min to <see cref="Age"/>, default 1 h.
    /// </summary>
    public TimeSpan CleanInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Every fault of the options, a sentence each; empty if they are valid.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Dialect is null)
            yield return "Dialect is null.";
        if (!OutboxTables.IsName(Table))
            yield return $"Table '{Table}' is not a name of letters, digits and underscores, behind a schema and a dot if wanted.";
        if (Age < _ageLeast || Age > _ageMost)
            yield return $"Age {Age} is not between 1 h and 3,650 days.";
        if (CleanInterval < _intervalLeast || CleanInterval > Age)
            yield return $"CleanInterval {CleanInterval} is not between 1 min and Age.";
    }
}
