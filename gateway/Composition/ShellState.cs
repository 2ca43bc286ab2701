using Gateway.Links;
using Gateway.Management;
using Gateway.Transport;
using Gateway.Transport.Tls;

namespace Gateway.Composition;

/// <summary>The state of the connections, TLS and the loop. Called by the loop.</summary>
internal sealed class ShellState(FrontDoorCounters counters, LinkTls? tls, LoopTurns turns) : IShellState
{
    public IReadOnlyDictionary<string, long> Connections => counters.Read();

    public OwnCertificate? Certificate => tls?.Shown;

    public ConfigurationStanding Configuration { get; set; } = ConfigurationStanding.AsStarted;

    public TimeSpan LongestTurn => turns.LongestOfLate;
}
