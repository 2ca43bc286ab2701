using System.Net.Sockets;
using Gateway.Links.Protocol;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The fault that a drill injects into one connection, as seen from both of its sides. It acts on the bytes and the socket as the network
/// or the peer would; the layers above detect it by themselves. The loop begins it; the tasks of the dialer and its splice experience it.
/// </summary>
internal sealed class ConnectionDrill(TimeProvider time)
{
    private readonly TaskCompletionSource<ConnectionEnd> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Task _stalled = Task.CompletedTask;
    private volatile bool _swallows;
    private volatile bool _resets;

    /// <summary>Completes, with the end that this side must see, when the connection is to end at once.</summary>
    public Task<ConnectionEnd> Cut => _cut.Task;

    /// <summary>The other side must see a reset, not an orderly end.</summary>
    public bool Resets => _resets;

    /// <summary>Nothing passes any more in either direction, not even the end.</summary>
    public bool Swallows => _swallows;

    public void Begin(DrillKind kind, TimeSpan duration)
    {
        switch (kind)
        {
            case DrillKind.Reset:
                _resets = true;
                _cut.TrySetResult(new ConnectionEnd(ConnectionFault.None, Error: new SocketException((int)SocketError.ConnectionReset)));
                break;
            case DrillKind.Kill:
                _cut.TrySetResult(new ConnectionEnd(ConnectionFault.None));
                break;
            case DrillKind.HalfOpen:
                _swallows = true;
                break;
            case DrillKind.Stall:
                _stalled = Task.Delay(duration, time);
                break;
        }
    }

    /// <summary>Waits while the connection stalls.</summary>
    /// <returns>False if the bytes must be discarded.</returns>
    public async ValueTask<bool> PassesAsync(CancellationToken cancellationToken)
    {
        if (!_stalled.IsCompleted) await _stalled.WaitAsync(cancellationToken);
        return !_swallows;
    }

    /// <summary>Hides the end of a connection that swallows everything until the splice is given up.</summary>
    public async Task HoldEndAsync(CancellationToken cancellationToken)
    {
        if (_swallows)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
