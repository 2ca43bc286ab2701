using System.Globalization;
using System.Threading.RateLimiting;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Gateway.Http.Security;

/// <summary>
/// Limits a caller's request rate and the number of concurrent long streams. Requests that need no token have a budget of their own, on
/// each connection.
/// </summary>
internal static class RateLimits
{
    /// <summary>Scans, exports and imports.</summary>
    public const string Streams = "streams";

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(1);

    public static void Configure(RateLimiterOptions limits, RunningOptions options)
    {
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            context => IsCountedByConnection(context)
                ? RateLimitPartition.GetNoLimiter("")
                : ByCaller(KeyOf(Caller.Of(context)), options.Current.Http.RequestsPerSecondMax));
        limits.AddPolicy(Streams, _ => OfStreams(options.Current.Http.StreamsMax));
        limits.OnRejected = (rejected, _) => throw Refused(rejected.Lease, options.Current.Http);
    }

    /// <summary>The budget of the requests that need no token.</summary>
    /// <exception cref="ProblemException">It is used up.</exception>
    public static void Count(HttpContext context, HttpOptions options)
    {
        if (IsCountedByConnection(context) && context.Features.Get<HttpVisit>()?.TryCount(options.RequestsPerSecondMax) == false)
            throw TooMany(options, _window);
    }

    /// <summary>A partition keeps its limit, so each limit has partitions of its own.</summary>
    private static RateLimitPartition<string> ByCaller(string caller, int perSecondMax) => RateLimitPartition.GetFixedWindowLimiter(
        $"{perSecondMax} {caller}", _ => new FixedWindowRateLimiterOptions { PermitLimit = perSecondMax, Window = _window });

    private static RateLimitPartition<string> OfStreams(int max) => RateLimitPartition.GetConcurrencyLimiter(
        $"{max} {Streams}", _ => new ConcurrencyLimiterOptions { PermitLimit = max });

    private static bool IsCountedByConnection(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Access>() is { IsCountedByConnection: true };

    private static ProblemException TooMany(HttpOptions options, TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "too-many-requests", string.Create(
            CultureInfo.InvariantCulture, $"More than {options.RequestsPerSecondMax} requests in a second "
            + $"(Gateway:Http:RequestsPerSecondMax). Send the next one after the time in Retry-After."))
    {
        RetryAfter = wait,
    };

    private static ProblemException Refused(RateLimitLease lease, HttpOptions options) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
        ? TooMany(options, wait)
        : new ProblemException(StatusCodes.Status429TooManyRequests, "too-many-streams", string.Create(CultureInfo.InvariantCulture,
            $"{options.StreamsMax} scans, exports and imports are under way (Gateway:Http:StreamsMax). Try again when one has ended."))
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    private static string KeyOf(Caller caller) =>
        caller.Name is { } name ? $"token {name}" : CountedAddress.Of(caller.Address).ToString();
}
