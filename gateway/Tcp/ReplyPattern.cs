using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Tcp;

/// <summary>
/// A regular expression over a reply, whose bytes are read as Latin-1. Its time grows with the length of the reply alone, whoever wrote it:
/// therefore it has neither look-around nor back references. Immutable.
/// </summary>
internal sealed class ReplyPattern
{
    public const int LengthMax = 1000;

    private readonly Regex _pattern;

    private ReplyPattern(Regex pattern) => _pattern = pattern;

    /// <summary>Null if the text is no such pattern; then <paramref name="fault"/> says why.</summary>
    public static ReplyPattern? Parse(string text, out string fault)
    {
        fault = $"has more than {LengthMax} characters";
        if (text.Length > LengthMax) return null;
        try
        {
            fault = "";
            return new ReplyPattern(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            fault = $"is not a regular expression without look-around and back references: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    public bool Matches(ReadOnlySpan<byte> reply) => _pattern.IsMatch(Encoding.Latin1.GetString(reply));
}
