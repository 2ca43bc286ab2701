using LiteDB;
using LiteDB.Engine;

namespace Gateway.Store.Disk;

/// <summary>
/// What the engine is about to commit on this thread. Its commit hands pages to a writer and says neither which nor how many, so the volume asks
/// beforehand: the transaction's number, and whether a last page with the mark of a commit will come at all (a delete that found nothing writes
/// nothing).
/// </summary>
internal readonly record struct PendingTransaction(uint Id, bool WritesPages)
{
    /// <summary>Null when this thread has no transaction.</summary>
    public static PendingTransaction? Of(LiteEngine engine)
    {
        PendingTransaction? pending = null;
        var highestId = -1;
        using var reader = engine.Query("$transactions", new Query());
        while (reader.Read())
        {
            // Readers that are still open count as transactions of this thread, too; they are older.
            var row = reader.Current;
            if (row["threadID"].AsInt32 != Environment.CurrentManagedThreadId || row["transactionID"].AsInt32 < highestId)
                continue;

            // A transaction that takes or returns pages also writes the header page, as its last.
            highestId = row["transactionID"].AsInt32;
            var writes = row["modifiedPages"].AsInt32 > 0 || row["newPages"].AsInt32 > 0 || row["deletedPages"].AsInt32 > 0;
            Invariant.Require(writes || row["pagesInLogFile"].AsInt32 == 0, "a transaction too large for the engine to mark as committed");
            pending = new PendingTransaction((uint)highestId, writes);
        }

        return pending;
    }

    /// <summary>How long the log will be once the engine's writer has caught up.</summary>
    public static long LogLength(LiteEngine engine)
    {
        using var reader = engine.Query("$database", new Query());
        var read = reader.Read();
        Invariant.Require(read, "the engine describes itself in one row");
        return reader.Current["logFileSize"].AsInt32;
    }
}
