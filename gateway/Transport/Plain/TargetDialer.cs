using Gateway.Tcp;
using Gateway.Tcp.Outlets;

namespace Gateway.Transport.Plain;

/// <summary>Makes the connections of outlets, over plain TCP. Owned by the loop.</summary>
internal sealed class TargetDialer(ILoopInput queue, TimeProvider time) : ITargetDialer
{
    /// <summary>Those not known to have ended.</summary>
    private readonly HashSet<TargetConnection> _open = [];

    /// <inheritdoc/>
    public ITargetConnection Dial(OutletSettings settings, ITarget target)
    {
        _open.RemoveWhere(connection => connection.Ended.IsCompleted);
        var connection = new TargetConnection(settings, target, queue, time);
        _open.Add(connection);
        connection.Begin();
        return connection;
    }

    /// <summary>Completes once all connections that were hung up have ended. Called when the loop dials no more.</summary>
    public Task EndAsync()
    {
        foreach (var connection in _open) connection.Abandon();
        return Task.WhenAll(_open.Select(connection => connection.Ended));
    }
}
