using System.Globalization;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>The limits of the local protocol stand in its document as the code has them.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void LimitsOfTheLocalProtocol_AreThoseOfTheCode()
    {
        var limits = new WireLimits();

        Rows().ShouldBe(
        [
            $"body: {Size(limits.BodyBytesMax)}",
            $"headers: {Size(limits.HeadersBytesMax)} of JSON, {ProtocolLimits.HeaderEntriesMax} entries",
            $"messages in one `ENQUEUE`: {Number(limits.BatchMessagesMax)}",
            $"bytes in one `ENQUEUE`: {Size(limits.BatchBytesMax)}",
            $"request id, subscription id: {RequestId.LengthMax} bytes",
            $"unanswered requests per connection: {Number(limits.PendingRequestsMax)}",
            $"subscriptions per connection: {limits.SubscriptionsMax}",
            $"credit of a subscription: {Number(limits.CreditMax)}",
            $"lease: {ProtocolLimits.LeaseMsMin} ms to {TimeSpan.FromMilliseconds(ProtocolLimits.LeaseMsMax).TotalHours} h",
            $"delay of `ABANDON`: {TimeSpan.FromMilliseconds(ProtocolLimits.DelayMsMax).TotalDays} days",
        ]);
    }

    [Fact]
    public void DefaultsOfTheClient_AreThoseOfItsCode()
    {
        var options = new GatewayClientOptions();

        Pages.Rows("client/README.md", "Options").Skip(1).Where(row => row[0] is not "`ApplicationName`")
            .Select(row => $"{row[0]} {row[1]}")
            .ShouldBe(
            [
                $"`Address` `{options.Address}`",
                "`Addresses` none",
                "`Token` empty",
                "`ReplyQueue` one of its own",
                $"`RequestTimeout` {options.RequestTimeout.TotalSeconds} s",
                $"`HeartbeatInterval` {options.HeartbeatInterval.TotalSeconds} s",
                $"`DeadAfter` {options.DeadAfter.TotalSeconds} s",
                $"`PendingRequestsMax` {Number(options.PendingRequestsMax)}",
                $"`PendingBytesMax` {Size((int)options.PendingBytesMax)}",
            ]);
    }

    private static IEnumerable<string> Rows() => Pages.Prose("client/Gateway.Client/Wire/PROTOCOL.md")
        .SkipWhile(line => line != "## Limits").Skip(1).TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).Select(row => $"{row[0]}: {row[1]}");

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(int bytes) => bytes >= 1024 * 1024 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";
}
