namespace Gateway.Benchmarks.Store;

/// <summary>A store that keeps messages of several queues in order. Each method is one durable commit, but for the reading.</summary>
internal interface IStoreContender : IDisposable
{
    string Name { get; }

    /// <summary>The bytes written to files so far; null if this contender cannot tell.</summary>
    long? WrittenBytes { get; }

    /// <summary>Removals wait for insertions whose flush they can share: their time says nothing, and is not measured.</summary>
    bool HasLazyRemovals { get; }

    /// <summary>Appends a group of messages, the queues in turn.</summary>
    void Insert(int group);

    /// <summary>Reads every message of every queue in order; gives their number, 0 if this one cannot.</summary>
    long ReadAll();

    /// <summary>Removes the messages of a group, the oldest there is.</summary>
    void Remove(int group);

    /// <summary>Inserts one group and removes another in one commit.</summary>
    void InsertAndRemove(int inserted, int removed);
}
