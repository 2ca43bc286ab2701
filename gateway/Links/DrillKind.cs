using System.Collections.Frozen;

namespace Gateway.Links;

/// <summary>The fault that a drill puts into the connection of a link; gateway/docs/operations.md says what each does.</summary>
internal enum DrillKind
{
    Reset,
    HalfOpen,
    Stall,
    Kill,
}

/// <summary>What the kinds of drill are called, in the API, in the history of a link and to people.</summary>
internal static class DrillKinds
{
    /// <summary>How long a stall lasts, if nobody says.</summary>
    public static readonly TimeSpan StallDefault = TimeSpan.FromSeconds(3);

    /// <summary>A stall that lasts longer than the patience of a link is an outage, which nobody needs a drill for.</summary>
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
