using Gateway.Tcp.Framing;

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

/// <summary>Judges replies by the patterns of an outlet. Pure.</summary>
internal sealed class ReplyRules(OutletSettings settings)
{
    private const int ReasonBytesMax = 200;

    private readonly ReplyPattern? _accepted = Pattern(settings.Accepted);
    private readonly ReplyPattern? _refused = Pattern(settings.Refused);

    public ReplyVerdict Judge(ReadOnlySpan<byte> frame)
    {
        if (_refused?.Matches(frame) == true) return ReplyVerdict.Refused;
        return _accepted?.Matches(frame) != false ? ReplyVerdict.Accepted : ReplyVerdict.NoReply;
    }

    /// <summary>The beginning of a reply, for people.</summary>
    public static string Show(ReadOnlySpan<byte> frame)
    {
        var text = ByteText.Show(frame[..Math.Min(frame.Length, ReasonBytesMax)]);
        return frame.Length > ReasonBytesMax ? $"{text} (and {Figures.Counted(frame.Length - ReasonBytesMax, "byte")} more)" : text;
    }

    private static ReplyPattern? Pattern(string text) => text.Length == 0 ? null : ReplyPattern.Parse(text, out _)
        ?? throw new InvariantException("patterns are checked with the configuration");
}
