using System.Collections.Frozen;

namespace Gateway.Client.Wire;

/// <summary>The fault that a drill puts into the connection of a link; PROTOCOL.md says what each does.</summary>
internal enum DrillKind
{
    Reset,
    HalfOpen,
    Stall,
    Kill,
}

/// <summary>What the kinds of drill are called, on the wire and to people.</summary>
internal static class DrillKinds
{
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
