using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Http.Security;

/// <summary>
/// Handles a token that the gateway does not know, sent with a request or typed at the sign-in: it is logged and counted, and
/// answered late; a caller with the right token does not wait. Its connection is the first to make room for another, and closed after some
/// more of them. Thread-safe.
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

    /// <summary>Completes when the request may be answered.</summary>
    /// <exception cref="OperationCanceledException">Its connection has ended, or has made room.</exception>
    public Task OnRequestAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        LogRequest(Guard.AddressOf(context), context.Request.Path);
        return DelayAsync(context);
    }

    /// <inheritdoc cref="OnRequestAsync"/>
    public Task OnSignInAsync(HttpContext context)
    {
        Interlocked.Increment(ref _signIns);
        LogSignIn(Guard.AddressOf(context));
        return DelayAsync(context);
    }

    private Task DelayAsync(HttpContext context)
    {
        if (context.Features.Get<HttpVisit>()?.OnRefused() == true)
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return Task.Delay(_delay, time, context.RequestAborted);
    }

    [LoggerMessage(EventId = 6006, Level =
        LogLevel.Warning, Message = "Refused a request from {Address} for {Path}: its token is not known.")]
    private partial void LogRequest(IPAddress address, string path);

    [LoggerMessage(EventId = 6007, Level = LogLevel.Warning, Message = "Refused a sign-in from {Address}: its token is not known.")]
    private partial void LogSignIn(IPAddress address);
}
