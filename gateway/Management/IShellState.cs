using Gateway.Links;

namespace Gateway.Management;

/// <summary>The state of connections, TLS and the loop, for the status. Read on the loop.</summary>
internal interface IShellState
{
    /// <summary>The counters of accepted, refused and cut connections, by name.</summary>
    IReadOnlyDictionary<string, long> Connections { get; }

    /// <summary>The certificate presented to peers; null without TLS.</summary>
    OwnCertificate? Certificate { get; }

    /// <summary>The configuration in the files, compared with the one in force.</summary>
    ConfigurationStanding Configuration { get; }

    /// <summary>The longest time the loop was busy without a break, in the last minute or two.</summary>
    TimeSpan LongestTurn { get; }
}
