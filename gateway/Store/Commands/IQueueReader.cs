namespace Gateway.Store.Commands;

/// <summary>A link or an inbox that reads a queue with a <see cref="QueueCursor"/>.</summary>
internal interface IQueueReader
{
    /// <summary>The store has answered the cursor, which may have messages now. Called on the loop.</summary>
    void OnRead();
}
