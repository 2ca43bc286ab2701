using Npgsql;

namespace Gateway.Store.Postgres;

/// <summary>The settings of the server on which the durable receipt depends.</summary>
/// <param name="StandbyNames">The server waits for a standby out of these (synchronous_standby_names); empty if for none.</param>
/// <param name="Standbys">Connected synchronous standbys; null if the role may not see them.</param>
internal sealed record ServerLook(string Fsync, string SynchronousCommit, string StandbyNames, long? Standbys)
{
    private bool HasStandby => StandbyNames.Length > 0 && Standbys is null or > 0 && SynchronousCommit is not ("off" or "local");

    public static ServerLook At(NpgsqlConnection connection) => PostgresCommands.Rows(connection, """
        SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
            CASE WHEN pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
                THEN (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) END
        """, row => new ServerLook(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3)))[0];

    /// <summary>What weakens the durable receipt, each as a part of a sentence.</summary>
    public IReadOnlyList<string> Weaknesses() => [.. Found()];

    /// <summary>Why a store that requires a synchronous standby takes no message, as a part of a sentence; null if there is one.</summary>
    public string? MissingStandby() => HasStandby ? null
        : $"{WhyNoStandby()}, and Store:RequireSynchronousReplica asks for one; messages are accepted as soon as it is there";

    private IEnumerable<string> Found()
    {
        if (Fsync == "off") yield return "the database server has fsync off: a power cut can lose confirmed messages, and the database";
        if (SynchronousCommit == "off")
            yield return "synchronous_commit is off: a crash of the database server loses messages that were confirmed just before";
        else if (!HasStandby)
            yield return $"{WhyNoStandby()}: messages have one copy, and are lost with the disk of the database server";
    }

    private string WhyNoStandby() => StandbyNames.Length == 0
        ? "the database server waits for no synchronous standby (synchronous_standby_names is empty)"
        : SynchronousCommit is "off" or "local" ? $"synchronous_commit is {SynchronousCommit}, so that no commit waits for a standby"
        : "no synchronous standby is connected to the database server";
}
