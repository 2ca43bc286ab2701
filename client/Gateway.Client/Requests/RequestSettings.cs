using Gateway.Client.Wire;

namespace Gateway.Client.Requests;

/// <summary>How a client sends requests.</summary>
/// <param name="ReplyQueue">The local queue of its replies.</param>
/// <param name="LateQueue">The local queue of replies for which nobody waits any more.</param>
/// <param name="WaitingMax">The requests that may wait for their replies at once; further ones wait before they are sent.</param>
/// <param name="Time">The clock.</param>
internal sealed record RequestSettings(string ReplyQueue, string LateQueue, int WaitingMax, TimeProvider Time)
{
    private const string LateEnd = ".late";

    /// <summary>The random digits, of which an id has some at its end.</summary>
    private const int RandomDigits = 12;

    /// <summary>The longest name of a reply queue: its late queue has a name, too.</summary>
    public const int ReplyQueueCharsMax = ProtocolLimits.NameCharsMax - 5;

    /// <summary>The settings of a client with these options.</summary>
    public static RequestSettings Of(GatewayClientOptions options, TimeProvider time)
    {
        if (options.ReplyQueue is { } given)
            return new(given, given + LateEnd, options.PendingRequestsMax, time);
        var application = ReplyAddress.Prefix + NameOf(options.ApplicationName);
        var random = MessageId.New(time.GetUtcNow()).ToString()[^RandomDigits..];
        return new($"{application}.{random}", application + LateEnd, options.PendingRequestsMax, time);
    }

    /// <summary>The application's name in the characters of a queue's, as long as there is room for.</summary>
    private static string NameOf(string application)
    {
        var most = ReplyQueueCharsMax - ReplyAddress.Prefix.Length - RandomDigits - 1;
        var characters = application.Take(most).Select(character => ReplyAddress.IsNameCharacter(character) ? character : '-');
        return new string([.. characters]);
    }
}
