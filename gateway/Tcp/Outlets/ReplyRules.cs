using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Tcp.Outlets;

/// <summary>What a reply of the target says of the message it answers.</summary>
internal enum ReplyVerdict
{
    /// <summary>The message is done.</summary>
    Accepted,

    /// <summary>The target did not take the message.</summary>
    Refused,

    /// <summary>The frame is no reply: the target has sent it on its own.</summary>
    NoReply,
}

/// <summary>Judges replies by the patterns of an outlet. No bytes of the target can make a judgement slow. Pure.</summary>
internal sealed class ReplyRules(OutletSettings settings)
{
    private const int ReasonBytesMax = 200;

    private readonly Regex? _accepted = Pattern(settings.Accepted);
    private readonly Regex? _refused = Pattern(settings.Refused);

    /// <summary>Throws nothing for a pattern that <see cref="Pattern"/> has read.</summary>
    public ReplyVerdict Judge(ReadOnlySpan<byte> frame)
    {
        if (_accepted is null && _refused is null) return ReplyVerdict.Accepted;
        var text = Encoding.Latin1.GetString(frame);
        if (_refused?.IsMatch(text) == true) return ReplyVerdict.Refused;
        return _accepted?.IsMatch(text) != false ? ReplyVerdict.Accepted : ReplyVerdict.NoReply;
    }

    /// <summary>Null for an empty pattern, which says nothing.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs a search that may take arbitrarily long.</exception>
    public static Regex? Pattern(string pattern) => pattern.Length == 0
        ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>The beginning of a reply, for people.</summary>
    public static string Show(ReadOnlySpan<byte> frame)
    {
        var text = Framing.ByteText.Show(frame[..Math.Min(frame.Length, ReasonBytesMax)]);
        return frame.Length > ReasonBytesMax ? $"{text} (and {Figures.Counted(frame.Length - ReasonBytesMax, "byte")} more)" : text;
    }
}
