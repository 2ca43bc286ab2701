using System.Collections.Frozen;

namespace Gateway.Client.Wire;

/// <summary>The properties of each <see cref="WireCode"/>.</summary>
internal static class WireCodes
{
    private static readonly FrozenDictionary<string, WireCode> _byName =
        Enum.GetValues<WireCode>().ToFrozenDictionary(code => code.ToString(), StringComparer.Ordinal);

    /// <summary>
    /// Accepts names only, case-sensitive; <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> would accept numbers too. BadRequest when
    /// unknown.
    /// </summary>
    public static bool TryFromName(string name, out WireCode code) => _byName.TryGetValue(name, out code);

    /// <summary>True when the same request may succeed later.</summary>
    public static bool IsTransient(WireCode code) =>
        code is WireCode.HelloRequired or WireCode.Busy or WireCode.StoreFull or WireCode.Stopping or WireCode.Standby;
}
