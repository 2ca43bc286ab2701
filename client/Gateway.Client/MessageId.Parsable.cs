using System.Diagnostics.CodeAnalysis;

namespace Gateway.Client;

/// <content>The interface by which .NET parses types that it does not know, which .NET Framework does not have.</content>
public readonly partial record struct MessageId : ISpanParsable<MessageId>
{
    /// <inheritdoc/>
    static MessageId IParsable<MessageId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool IParsable<MessageId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MessageId result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    static MessageId ISpanParsable<MessageId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    static bool ISpanParsable<MessageId>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MessageId result) =>
        TryParse(s, out result);
}
