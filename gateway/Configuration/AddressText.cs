using System.Text.RegularExpressions;

namespace Gateway.Configuration;

/// <summary>Addresses as they may be shown. Pure.</summary>
internal static partial class AddressText
{
    /// <summary>The address <c>http://user:password@host</c> as <c>http://user:***@host</c>; any other text as it is.</summary>
    public static string WithoutPassword(string address) => Password().Replace(address, EffectiveConfiguration.Hidden);

    /// <summary>A password with an unescaped slash or at sign makes no valid address, but is one nevertheless.</summary>
    [GeneratedRegex(@"(?<=^[a-zA-Z][a-zA-Z0-9+.-]*://[^:/@]*:).*(?=@)")]
    private static partial Regex Password();
}
