using System.Text;
using Gateway.Client.Requests;
using Gateway.Client.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Client;

/// <summary>Validates the options and reports every fault at once.</summary>
internal sealed class GatewayClientOptionsValidator : IValidateOptions<GatewayClientOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayClientOptions options)
    {
        List<string> failures = [.. Failures(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(GatewayClientOptions options)
    {
        foreach (var address in options.All)
        {
            if (!IsAddress(address))
                yield return $"Address '{address}' is not of the form tcp://host:port.";
        }

        if (string.IsNullOrEmpty(options.ApplicationName)
            || Encoding.UTF8.GetByteCount(options.ApplicationName) > ProtocolLimits.ApplicationBytesMax)
            yield return $"ApplicationName must have 1 to {ProtocolLimits.ApplicationBytesMax} bytes of UTF-8.";
        if (options.Token is null || Encoding.UTF8.GetByteCount(options.Token) > ProtocolLimits.TokenBytesMax)
            yield return $"Token must have at most {ProtocolLimits.TokenBytesMax} bytes of UTF-8.";
        if (options.RequestTimeout < TimeSpan.FromMilliseconds(10) || options.RequestTimeout > TimeSpan.FromDays(1))
            yield return $"RequestTimeout {options.RequestTimeout} is not between 10 ms and 1 day.";
        if (options.HeartbeatInterval < TimeSpan.FromMilliseconds(100) || options.HeartbeatInterval > TimeSpan.FromMinutes(1))
            yield return $"HeartbeatInterval {options.HeartbeatInterval} is not between 100 ms and 1 minute.";
        if (options.DeadAfter <= options.HeartbeatInterval || options.DeadAfter > TimeSpan.FromMinutes(5))
            yield return $"DeadAfter {options.DeadAfter} is not longer than HeartbeatInterval and at most 5 minutes.";
        if (options.PendingRequestsMax is < 1 or > 1_000_000)
            yield return $"PendingRequestsMax {options.PendingRequestsMax} is not between 1 and 1,000,000.";
        if (options.ReplyQueue is { } queue
            && (!ReplyAddress.IsReplyQueue(queue) || queue.Length > RequestSettings.ReplyQueueCharsMax))
        {
            yield return $"ReplyQueue '{queue}' is not {ReplyAddress.Prefix}NAME, of a-z A-Z 0-9 . _ - and at most "
                + $"{RequestSettings.ReplyQueueCharsMax} characters.";
        }

        if (options.PendingBytesMax < 1)
            yield return $"PendingBytesMax {options.PendingBytesMax} is not 1 or more.";
    }

    private static bool IsAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: "tcp", Host.Length: > 0, Port: > 0, UserInfo: "", Query: "", Fragment: "" }
        && uri.AbsolutePath is "" or "/"
        && !address.EndsWith('/');
}
