namespace Gateway.Transport.Accepting;

/// <summary>
/// The accepted connections of one endpoint, from applications or from peers. Hands their messages to the conversation, a fair share of
/// each in turn, and sends the answers at the end of each event. Owned by the loop.
/// </summary>
/// <param name="conversation">Handles the messages.</param>
/// <param name="memory">The memory limits of all connections together.</param>
/// <param name="turns">The turns of the loop.</param>
/// <param name="queue">Posts into the loop's next turn.</param>
internal sealed class AcceptedConnections(IConversation conversation, ConnectionMemory memory, LoopTurns turns, LoopQueue queue)
{
    /// <summary>The messages taken from one connection at a time, so that the others get their turn.</summary>
    private const int ShareMax = 1000;

    /// <summary>The clock is read once per this many messages.</summary>
    private const int LookEvery = 16;

    private readonly HashSet<AcceptedConnection> _open = [];

    /// <summary>Connections with more than one share of input waiting, in turn.</summary>
    private readonly Queue<AcceptedConnection> _busy = [];

    /// <summary>Connections with messages to send at the end of this event.</summary>
    private readonly List<AcceptedConnection> _unsent = [];

    /// <summary>The connection given up for memory and not ended yet; its waiting bytes count until it ends.</summary>
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
            // The connection was given up, but its reader may wait for room.
            connection.OnTaken(arrived.Bytes, isKnown: false);
            return;
        }

        var isBusy = !connection.Input.IsEmpty;
        connection.Input.Add(arrived);
        if (!isBusy) Take(connection);
    }

    /// <summary>The connection has ended, after everything it sent.</summary>
    /// <param name="isAnswerAwaited">
    /// The other side still reads: if it is due an answer, the connection ends with that, or when this is called again.
    /// </param>
    public void OnEnded(AcceptedConnection connection, AcceptedEnd end, bool isAnswerAwaited = false)
    {
        if (_ending == connection) _ending = null;
        if (!connection.IsOpen) return;
        (connection.Input.End, connection.Input.IsAnswerAwaited) = (end, isAnswerAwaited);
        LoseIfDone(connection);
    }

    /// <summary>Schedules the connection for the next <see cref="Flush"/>.</summary>
    public void AddUnsent(AcceptedConnection connection) => _unsent.Add(connection);

    /// <summary>
    /// Called after each event: sends the answers and gives up connections that read too slowly. Deferring this keeps state machines from
    /// being re-entered.
    /// </summary>
    public void Flush()
    {
        // Giving up one connection may add messages to others, so the list can grow.
        for (var i = 0; i < _unsent.Count; i++)
        {
            var connection = _unsent[i];
            connection.Flush();
            if (connection.IsStuffed) GiveUp(connection);
            else if (connection.IsOpen) LoseIfDone(connection);
        }

        _unsent.Clear();
        if (memory.Output.IsExceeded && _ending is null) GiveUp(_ending = _open.MaxBy(connection => connection.OutputBytes));
    }

    /// <summary>Returns the connections on which bytes have arrived since the last call, even bytes not taken yet.</summary>
    public IEnumerable<string> TakeHeard() => _open.Where(connection => connection.HasNewBytes()).Select(connection => connection.Name);

    /// <summary>Takes a connection's waiting messages up to its share; the rest waits for its next turn.</summary>
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
        else LoseIfDone(connection);
    }

    private bool HasTime(int count) => count < ShareMax && (count == 0 || count % LookEvery > 0 || !turns.IsOver);

    private void Wait(AcceptedConnection connection)
    {
        _busy.Enqueue(connection);
        if (_isAgainPosted) return;
        _isAgainPosted = true;
        queue.Post(TakeWaiting);
    }

    /// <summary>Gives each waiting connection another share while the turn lasts; at least one connection is served.</summary>
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

    private void LoseIfDone(AcceptedConnection connection)
    {
        if (connection.Input is not { IsEmpty: true, End: { } end, IsAnswerAwaited: var isAwaited }) return;
        if (!isAwaited || !connection.IsAnswerDue) Lose(connection, end);
    }

    private void Lose(AcceptedConnection connection, AcceptedEnd end)
    {
        _open.Remove(connection);
        connection.IsOpen = false;
        connection.Leave();
        conversation.OnLost(connection, end);
    }
}
