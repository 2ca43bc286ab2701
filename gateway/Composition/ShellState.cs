using Gateway.Links;
using Gateway.Management;
using Gateway.Transport;
using Gateway.Transport.Tls;

namespace Gateway.Composition;

/// <summary>What the connections, TLS and the loop tell of themselves. The loop asks.</summary>
internal sealed class ShellState(FrontDoorCounters counters, LinkTls? tls, LoopTurns turns) : IShellState
{
    public IReadOnlyDictionary<string, long> Connections => counters.Read();

    public OwnCertificate? Certificate => tls?.Shown;

    public TimeSpan LongestTurn => turns.LongestOfLate;
}
