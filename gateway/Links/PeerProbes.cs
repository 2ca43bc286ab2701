using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Microsoft.Extensions.Logging;

namespace Gateway.Links;

/// <summary>
/// The probes that peers have opened here. A connection is a probe from its first frame on, and never becomes a link's. A pure state
/// machine, owned by the loop.
/// </summary>
/// <param name="outgoing">The links to the peers, by name.</param>
/// <param name="links">Knows which connections are those of links.</param>
internal sealed partial class PeerProbes(
    GatewayIdentity self, IReadOnlyDictionary<string, OutgoingLink> outgoing, PeerLinks links, LoopClock clock, IWayBack wayBack,
    ILogger<PeerProbes> logger)
{
    /// <summary>The probes of all peers at once.</summary>
    public const int ProbesMax = 32;

    /// <summary>The probes of one peer at once.</summary>
    public const int ProbesPerPeerMax = 16;

    private readonly ILogger _logger = logger;

    /// <summary>By connection; the refused ones are null, until they end.</summary>
    private readonly Dictionary<string, PeerProbe?> _probes = [];

    /// <summary>The connection is a probe's, or this is its first frame and makes it one.</summary>
    public bool Takes(string connection, ReadOnlySpan<byte> frame) =>
        _probes.ContainsKey(connection) || (ProbeCodec.IsProbe(frame) && !links.Knows(connection));

    /// <summary>Handles a frame on a connection of a probe.</summary>
    /// <param name="bytes">The frame; untrusted.</param>
    /// <param name="authorised">The names that the caller may speak for; null without TLS.</param>
    /// <returns>True once the probe was accepted.</returns>
    public bool OnFrame(string connection, ReadOnlySpan<byte> bytes, AuthorisedNames? authorised, IProbeOutput output)
    {
        _ = ProbeCodec.TryDecode(bytes, out var frame);
        if (!_probes.TryGetValue(connection, out var probe))
        {
            _probes[connection] = probe = frame is ProbeFrame.Probe first ? Accept(first, authorised, output)
                : Refuse(output, RefusalCode.Protocol, "a probe could not be read");
        }
        else if (probe is not null && outgoing.ContainsKey(probe.Peer))
        {
            probe.OnFrame(frame);
        }
        else
        {
            probe?.End($"{probe.Peer} is no longer among the peers of {self.Name}");
        }

        return probe is not null;
    }

    public void OnLost(string connection)
    {
        if (_probes.Remove(connection, out var probe)) probe?.OnLost();
    }

    /// <summary>The time of the next tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var probe in _probes.Values)
            {
                if (probe?.NextTick is { } due && due < next) next = due;
            }

            return next;
        }
    }

    public void Tick()
    {
        foreach (var probe in _probes.Values) probe?.Tick();
    }

    private PeerProbe? Accept(ProbeFrame.Probe probe, AuthorisedNames? authorised, IProbeOutput output)
    {
        if (PeerProof.FindFault(authorised, probe.From, outgoing.ContainsKey(probe.From), probe.To, self.Name) is var (code, text))
            return Refuse(output, code, text);
        if (_probes.Values.Count(other => other is not null) >= ProbesMax
            || _probes.Values.Count(other => other?.Peer == probe.From) >= ProbesPerPeerMax)
        {
            output.Send(new ProbeFrame.ProbeOver("too many probes are open; try again when they have ended"));
            return null;
        }

        var silence = TimeSpan.FromMilliseconds(probe.SilentMs);
        if (silence > TimeSpan.Zero) output.KeepQuiet(silence);
        LogProbed(probe.From);
        var back = outgoing[probe.From].Status;
        output.Send(new ProbeFrame.Probed(self.Name, ProgramVersion.Text, clock.NowUnixMs, new ProbedLink(
            StateOf(back.State), back.PresentCause, back.Since.ToUnixTimeMilliseconds(), back.IsCauseOver ? "" : back.Evidence),
            links.IsConnected(probe.From)));
        return new PeerProbe(probe.From, silence, clock, wayBack, output);
    }

    private PeerProbe? Refuse(IProbeOutput output, RefusalCode code, string text)
    {
        LogRefused(code, text);
        output.Send(new ProbeFrame.Refused(code, text));
        return null;
    }

    private static ProbedState StateOf(LinkState state) => state switch
    {
        LinkState.Up => ProbedState.Up,
        LinkState.Connecting => ProbedState.Connecting,
        LinkState.Paused => ProbedState.Paused,
        _ => ProbedState.Down,
    };
}
