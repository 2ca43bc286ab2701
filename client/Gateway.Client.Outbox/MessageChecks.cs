using System.Text.RegularExpressions;
using Gateway.Client.Wire;

namespace Gateway.Client.Outbox;

/// <summary>Refuses what no gateway would accept, before it is written: so the application is told of it.</summary>
internal static partial class MessageChecks
{
    /// <exception cref="ArgumentException">The destination is malformed, or the body too large for any gateway.</exception>
    public static void Check(string destination, ReadOnlyMemory<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(destination);
        if (!Destination().IsMatch(destination))
            throw new ArgumentException(
                $"The destination '{destination}' is not queue@peer or queue, with names of 1 to 64 of a-z A-Z 0-9 . _ -.",
                nameof(destination));
        if (body.Length > ProtocolLimits.BodyBytesHighest)
            throw new ArgumentException(
                $"The body has {body.Length} bytes; no gateway accepts more than {ProtocolLimits.BodyBytesHighest}.", nameof(body));
    }

    /// <exception cref="ArgumentException">They are more than a message may have.</exception>
    public static IReadOnlyDictionary<string, string>? Check(IReadOnlyDictionary<string, string>? headers) =>
        headers?.Count > ProtocolLimits.HeaderEntriesMax
            ? throw new ArgumentException(
                $"There are {headers.Count} headers; a message has at most {ProtocolLimits.HeaderEntriesMax}.", nameof(headers))
            : headers;

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}(@[A-Za-z0-9._-]{1,64})?\z")]
    private static partial Regex Destination();
}
