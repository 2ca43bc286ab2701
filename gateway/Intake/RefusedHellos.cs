using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Intake;

/// <summary>
/// Hellos with a token that the gateway does not know. Each is answered late, and whatever else comes on its connection meanwhile is
/// dropped: an address tries no more tokens in a second than it may have connections, while one with the right token waits for nobody. As
/// many as connections. Pure; owned by the loop.
/// </summary>
internal sealed class RefusedHellos(LoopClock clock)
{
    /// <summary>The same as over HTTP.</summary>
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (TimeSpan Due, IReplies Replies, Reply Answer)> _waiting = [];

    /// <summary>In the order in which they are due.</summary>
    private readonly Queue<(TimeSpan Due, string Connection)> _due = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => _due.TryPeek(out var next) ? next.Due : TimeSpan.MaxValue;

    /// <summary>The connection waits for its answer.</summary>
    public bool Holds(string connection) => _waiting.Count > 0 && _waiting.ContainsKey(connection);

    public void Add(string connection, IReplies replies, Reply answer)
    {
        var due = clock.Uptime + _delay;
        _waiting[connection] = (due, replies, answer);
        _due.Enqueue((due, connection));
    }

    /// <summary>The connection is lost.</summary>
    public void Remove(string connection) => _waiting.Remove(connection);

    public void Tick()
    {
        while (_due.TryPeek(out var next) && next.Due <= clock.Uptime)
        {
            _due.Dequeue();
            if (_waiting.Remove(next.Connection, out var refused)) refused.Replies.Send(refused.Answer);
        }
    }
}
