using System.Collections;
using System.Reflection;
using LiteDB.Engine;

namespace Gateway.Store.Disk;

/// <summary>
/// A commit that fails half way leaves the engine with a transaction that it cannot dispose of: it throws from Dispose and later from the
/// finalizer, which would end the process without reporting the real failure. It also stays in its thread's slot, and keeps the whole
/// engine alive as long as the thread. LiteDB 5.0.20 offers no other remedy than to suppress the finalizer and empty the slot.
/// </summary>
internal static class UnfinishedTransactions
{
    private static readonly FieldInfo _monitor = typeof(LiteEngine).GetField("_monitor", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new InvariantException("LiteDB's engine keeps its transactions in a monitor");

    /// <summary>Call only for an engine that will never be used again.</summary>
    public static void Forget(LiteEngine engine)
    {
        if (_monitor.GetValue(engine) is not { } monitor) return;
        var transactions = monitor.GetType().GetProperty("Transactions")?.GetValue(monitor) as IEnumerable;
        Invariant.Require(transactions is not null, "LiteDB's monitor lists its transactions");
        foreach (var transaction in transactions) GC.SuppressFinalize(transaction);

        var slot = monitor.GetType().GetField("_slot", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(monitor) as IDisposable;
        Invariant.Require(slot is not null, "LiteDB's monitor keeps each thread's transaction in a slot");
        slot.Dispose();
    }
}
