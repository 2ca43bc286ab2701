using System.Net;
using Microsoft.Extensions.Logging;

namespace Gateway.Http.Security;

/// <summary>
/// What becomes of a token that the gateway does not know, sent with a request or typed at the sign-in: it is logged and counted, and
/// answered late. The connection is occupied meanwhile, so that an address tries no more tokens in a second than it may have connections,
/// while one with the right token waits for nobody. Thread-safe.
/// </summary>
internal sealed partial class RefusedTokens(TimeProvider time, ILogger<RefusedTokens> logger)
{
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private long _requests;
    private long _signIns;

    /// <summary>Requests with an unknown token since the start.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Failed attempts to sign in since the start.</summary>
    public long SignIns => Interlocked.Read(ref _signIns);

    /// <summary>Completes when the request may be answered, even if its caller has gone.</summary>
    public Task OnRequestAsync(IPAddress address, string path)
    {
        Interlocked.Increment(ref _requests);
        LogRequest(address, path);
        return Task.Delay(_delay, time, CancellationToken.None);
    }

    /// <inheritdoc cref="OnRequestAsync"/>
    public Task OnSignInAsync(IPAddress address)
    {
        Interlocked.Increment(ref _signIns);
        LogSignIn(address);
        return Task.Delay(_delay, time, CancellationToken.None);
    }

    [LoggerMessage(EventId = 6006, Level =
        LogLevel.Warning, Message = "Refused a request from {Address} for {Path}: its token is not known.")]
    private partial void LogRequest(IPAddress address, string path);

    [LoggerMessage(EventId = 6007, Level = LogLevel.Warning, Message = "Refused a sign-in from {Address}: its token is not known.")]
    private partial void LogSignIn(IPAddress address);
}
