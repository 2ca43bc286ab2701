using Gateway.Client.Wire;

namespace Gateway.Client.Requests;

/// <summary>Where a reply goes. It comes from the request, whose sender may be anybody.</summary>
/// <param name="Queue">The reply queue, whose name begins with <see cref="Prefix"/>.</param>
/// <param name="Gateway">The gateway of the requester.</param>
internal readonly record struct ReplyAddress(string Queue, string Gateway)
{
    /// <summary>The beginning of every reply queue's name: nothing else can be the target of a reply.</summary>
    public const string Prefix = "replies.";

    /// <summary>The text of the header.</summary>
    public override string ToString() => $"{Queue}@{Gateway}";

    /// <summary>False for anything but <c>replies.…@gateway</c> with valid names.</summary>
    public static bool TryParse(string text, out ReplyAddress address)
    {
        address = default;
        var at = text.IndexOf('@');
        if (at < 0 || !IsReplyQueue(text[..at]) || !IsName(text[(at + 1)..]))
            return false;
        address = new ReplyAddress(text[..at], text[(at + 1)..]);
        return true;
    }

    /// <summary>Whether replies may go to a queue of this name.</summary>
    public static bool IsReplyQueue(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length && IsName(name);

    /// <summary>The characters of a name, PROTOCOL.md's <c>a-z A-Z 0-9 . _ -</c>.</summary>
    public static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';

    private static bool IsName(string name) =>
        name.Length is > 0 and <= ProtocolLimits.NameCharsMax && char.IsAsciiLetterOrDigit(name[0]) && name.All(IsNameCharacter);
}
