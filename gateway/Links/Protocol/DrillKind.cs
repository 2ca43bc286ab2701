using System.Collections.Frozen;

namespace Gateway.Links.Protocol;

/// <summary>The fault that a drill injects into the connection of a link; gateway/docs/operations.md describes each.</summary>
internal enum DrillKind
{
    Reset,
    HalfOpen,
    Stall,
    Kill,
}

/// <summary>The names of the drill kinds, in the API, in the history of a link and for people.</summary>
internal static class DrillKinds
{
    /// <summary>The default length of a stall.</summary>
    public static readonly TimeSpan StallDefault = TimeSpan.FromSeconds(3);

    /// <summary>A longer stall exceeds the patience of a link and would be an outage.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromMinutes(1);

    private static readonly FrozenDictionary<DrillKind, string> _names = new Dictionary<DrillKind, string>
    {
        [DrillKind.Reset] = "reset",
        [DrillKind.HalfOpen] = "half-open",
        [DrillKind.Stall] = "stall",
        [DrillKind.Kill] = "kill",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, DrillKind> _kinds =
        _names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string NameOf(DrillKind kind) => _names[kind];

    public static bool TryFromName(string name, out DrillKind kind) => _kinds.TryGetValue(name, out kind);
}
