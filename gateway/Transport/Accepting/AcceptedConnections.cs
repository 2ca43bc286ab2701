namespace Gateway.Transport.Accepting;

/// <summary>
/// The connections of those who connect to one endpoint of this gateway, applications or peers: gives what they bring to the conversation,
/// each its share in turn, and sends what is answered at the end of each event. Owned by the loop.
/// </summary>
/// <param name="conversation">What is said on them.</param>
/// <param name="memory">What all of them may hold.</param>
/// <param name="turns">Of the loop.</param>
/// <param name="queue">Into the loop's next turn.</param>
internal sealed class AcceptedConnections(IConversation conversation, ConnectionMemory memory, LoopTurns turns, LoopQueue queue)
{
    /// <summary>Messages of one connection that are taken at a time, though it has brought more: the others come in between.</summary>
    private const int ShareMax = 1000;

    /// <summary>So often is the time looked at.</summary>
    private const int LookEvery = 16;

    private readonly HashSet<AcceptedConnection> _open = [];

    /// <summary>Those that have brought more than their share, in turn.</summary>
    private readonly Queue<AcceptedConnection> _busy = [];

    /// <summary>Those to which something was sent in this event.</summary>
    private readonly List<AcceptedConnection> _unsent = [];

    /// <summary>Given up, and not ended yet: what waited for it counts until then.</summary>
    private AcceptedConnection? _ending;
    private bool _isAgainPosted;

    public void Open(AcceptedConnection connection)
    {
        _open.Add(connection);
        connection.IsOpen = true;
    }

    public void OnArrived(AcceptedConnection connection, in ArrivedMessages arrived)
    {
        if (!connection.IsOpen)
        {
            // It was given up; its reader may wait for this.
            connection.OnTaken(arrived.Bytes, isKnown: false);
            return;
        }

        var isBusy = !connection.Input.IsEmpty;
        connection.Input.Add(arrived);
        if (!isBusy) Take(connection);
    }

    /// <summary>It has ended, behind all that it brought.</summary>
    public void OnEnded(AcceptedConnection connection, AcceptedEnd end)
    {
        if (_ending == connection) _ending = null;
        if (!connection.IsOpen) return;
        if (connection.Input.IsEmpty) Lose(connection, end);
        else connection.Input.End = end;
    }

    /// <summary>Something is to be sent on it with the next <see cref="Flush"/>.</summary>
    public void AddUnsent(AcceptedConnection connection) => _unsent.Add(connection);

    /// <summary>
    /// After each event: sends what it has left, and gives up those that take too little of it; so no state machine is called within
    /// itself.
    /// </summary>
    public void Flush()
    {
        // It grows when others are told of one that is given up.
        for (var i = 0; i < _unsent.Count; i++)
        {
            var connection = _unsent[i];
            connection.Flush();
            if (connection.IsStuffed) GiveUp(connection);
        }

        _unsent.Clear();
        if (memory.Output.IsExceeded && _ending is null) GiveUp(_ending = _open.MaxBy(connection => connection.OutputBytes));
    }

    /// <summary>Tells on which connections something has arrived since this was last asked, whether it could be taken yet or not.</summary>
    public void TellArrived(Action<string> arrived)
    {
        foreach (var connection in _open)
        {
            if (connection.HasNewBytes()) arrived(connection.Name);
        }
    }

    /// <summary>Takes what waits of a connection, to the end of its share; what is left waits for its next turn.</summary>
    private void Take(AcceptedConnection connection)
    {
        var isKnown = false;
        for (var count = 0; HasTime(count) && connection.Input.TryNext(out var frames); count++)
        {
            isKnown |= conversation.OnMessage(connection, frames);
            if (!connection.IsOpen) return;
        }

        connection.OnTaken(connection.Input.TakeDone(), isKnown);
        if (!connection.Input.IsEmpty) Wait(connection);
        else if (connection.Input.End is { } end) Lose(connection, end);
    }

    private bool HasTime(int count) => count < ShareMax && (count == 0 || count % LookEvery > 0 || !turns.IsOver);

    private void Wait(AcceptedConnection connection)
    {
        _busy.Enqueue(connection);
        if (_isAgainPosted) return;
        _isAgainPosted = true;
        queue.Post(TakeWaiting);
    }

    /// <summary>Each connection that has brought more than its share gets another, while there is time; at least one of them.</summary>
    private void TakeWaiting()
    {
        _isAgainPosted = false;
        for (var left = _busy.Count; left > 0; left--)
        {
            var connection = _busy.Dequeue();
            if (connection.IsOpen) Take(connection);
            if (turns.IsOver) break;
        }

        if (_busy.Count == 0 || _isAgainPosted) return;
        _isAgainPosted = true;
        queue.Post(TakeWaiting);
    }

    private void GiveUp(AcceptedConnection? connection)
    {
        if (connection is null || !connection.IsOpen) return;
        connection.GiveUp();
        Lose(connection, AcceptedEnd.Stuffed);
    }

    private void Lose(AcceptedConnection connection, AcceptedEnd end)
    {
        _open.Remove(connection);
        connection.IsOpen = false;
        conversation.OnLost(connection, end);
    }
}
