using Gateway.Links;
using Gateway.Management;

namespace Gateway.Tests.Management;

/// <summary>A gateway without connections, TLS and a loop.</summary>
internal sealed class QuietShell : IShellState
{
    public IReadOnlyDictionary<string, long> Connections { get; } = new Dictionary<string, long>();

    public OwnCertificate? Certificate => null;

    public ConfigurationStanding Configuration => ConfigurationStanding.AsStarted;

    public TimeSpan LongestTurn => TimeSpan.Zero;
}
