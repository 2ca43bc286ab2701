using CsCheck;

namespace Gateway.Tests.Cli;

/// <summary>Text as a stranger would write it, to forge a line or to command the terminal.</summary>
internal static class Hostile
{
    private static readonly string[] _pieces =
    [
        "\n2026-01-01 00:00:00Z  forged", "\r", "\r\n", "\t", "\u001b[2J", "\u001b]0;owned\u0007", "\u009b31m", "\u202e", "\u2066",
        "\u200f", "\u2028", "\u0085", "\0", "a", "order 17", "Ü", "漢字",
    ];

    public static Gen<string> Text { get; } =
        Gen.Int[0, _pieces.Length - 1].Array[1, 8].Select(chosen => string.Concat(chosen.Select(piece => _pieces[piece])));
}
