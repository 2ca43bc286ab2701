using Gateway.Client.Wire;

namespace Gateway.Kernel;

/// <summary>The grammar of names: 1 to 64 of <c>a-z A-Z 0-9 . _ -</c>, starting with a letter or digit.</summary>
internal static class Names
{
    public const int LengthMax = ProtocolLimits.NameCharsMax;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LengthMax && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Splits <c>queue@peer</c> or a bare <c>queue</c>; false if it is neither.</summary>
    public static bool TryParseDestination(string destination, out string queue, out string? peer)
    {
        var at = destination.IndexOf('@');
        queue = at < 0 ? destination : destination[..at];
        peer = at < 0 ? null : destination[(at + 1)..];
        return IsValid(queue) && (peer is null || IsValid(peer));
    }
}
