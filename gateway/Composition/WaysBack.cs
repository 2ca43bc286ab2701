using Gateway.Doctor;
using Gateway.Doctor.Probes;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Dialing;

namespace Gateway.Composition;

/// <summary>Dials peers that ask for it in a probe, beside their links, on tasks of its own. Owned by the loop.</summary>
internal sealed class WaysBack(Endpoints endpoints, LoopQueue queue, TimeProvider time)
{
    private const int AtOnceMax = 4;

    /// <summary>A name may have many addresses, and each may answer nothing.</summary>
    private static readonly TimeSpan _timeMax = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _dials = [];

    public void Go(string peer, PeerPlace place, Action<ProbeFrame.DialedBack> done)
    {
        _dials.RemoveAll(dial => dial.IsCompleted);
        if (_dials.Count < AtOnceMax) _dials.Add(Task.Run(() => DialAsync(peer, place.Addresses[0], done)));
        else done(new ProbeFrame.DialedBack(ProbeStage.None, LinkCause.None, "too many peers ask for it; try again"));
    }

    /// <summary>Gives up the dials under way; completes once they have ended. Called when the loop is over.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_dials);
    }

    private async Task DialAsync(string peer, Uri address, Action<ProbeFrame.DialedBack> done)
    {
        using var late = new CancellationTokenSource(_timeMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _ended.Token);
        var settings = new DialSettings(endpoints.ConnectTimeout, endpoints.HandshakeTimeout) { Tls = endpoints.Tls, Peer = peer };
        ProbeFrame.DialedBack dialed;
        try
        {
            dialed = WayBackReport.Of(await new WayProbe(settings, time).GoAsync(address.DnsSafeHost, address.Port, limit.Token));
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            dialed = new ProbeFrame.DialedBack(
                ProbeStage.Connect, LinkCause.ConnectTimeout, $"no address of {address.Host} answered within {Figures.Span(_timeMax)}");
        }
        catch (OperationCanceledException)
        {
            return;
        }

        queue.Post(() => done(dialed));
    }
}
