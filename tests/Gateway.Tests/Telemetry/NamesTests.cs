using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Client;
using Gateway.Client.Processing;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;
using Gateway.Tests.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

/// <summary>
/// Dashboards and alerts are made of names, so a name, a unit or an attribute changes only together with NAMES.md: what the code makes,
/// when everything happens that can, is compared with the tables there.
/// </summary>
[Collection(ListenerCollection.Name)]
public sealed partial class NamesTests
{
    private const string Page = "gateway/Telemetry/NAMES.md";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void TheGatewaysMetrics_AreThoseOfThePage()
    {
        using var bench = new TelemetryBench();

        bench.HappenAll();

        MetricsOf(bench.Recorder).ShouldBe(Rows("Metrics of the gateway").Select(row => string.Join(" | ", row.Take(4))),
            ignoreOrder: true);
    }

    [Fact]
    public void TheGatewaysSpans_AreThoseOfThePage()
    {
        using var bench = new TelemetryBench();

        bench.HappenAll();

        SpansOf(bench.Recorder).ShouldBe(Rows("Spans of the gateway").Select(row => string.Join(" | ", row.Take(3))), ignoreOrder: true);
    }

    [Fact]
    public async Task TheClientsMetricsAndSpans_AreThoseOfThePage()
    {
        var isObliging = true;
        using var gateway = new FakeGateway(request => request switch
        {
            Request.Receive receive => [new Reply.Delivery(receive.Subscription, new DeliveryToken(1), new DeliveredMessage(new MessageId(
                new Guid(1, 0, 0, new byte[8])), 1, HeadersJson.Write(new Dictionary<string, string>()), 0, 0, "near", "x"u8.ToArray()))],
            Request.Enqueue enqueue when !isObliging => [new Reply.Rejected(enqueue.Id, WireCode.StoreFull, "full")],
            Request.Complete complete when !isObliging => [new Reply.Rejected(complete.Id, WireCode.LeaseLost, "lost")],
            _ => FakeGateway.Obliging(request),
        });
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        using var recorder = new Recorder(ClientTelemetry.Source, ClientTelemetry.Meter);

        await client.EnqueueAsync("orders@far", "x"u8.ToArray(), null, Token);
        await client.EnqueueAsync("orders@far", [new OutgoingMessage { Body = default }], Token);
        await foreach (var message in client.ReceiveAsync("orders", null, Token))
        {
            using (message.StartActivity())
            {
                await message.RenewAsync(null, Token);
                await message.AbandonAsync(default, Token);
                await message.RejectAsync("no", Token);
                await message.CompleteAsync(Token);
                isObliging = false;
                await Should.ThrowAsync<GatewayException>(() => message.CompleteAsync(Token).AsTask());
            }

            break;
        }

        await Should.ThrowAsync<GatewayException>(() => client.EnqueueAsync("orders@far", "x"u8.ToArray(), null, Token).AsTask());
        await StopInAHandlerAsync(client);

        MetricsOf(recorder).ShouldBe(Rows("Metrics of the client").Select(row => string.Join(" | ", row.Take(4))), ignoreOrder: true);
        SpansOf(recorder).ShouldBe(Rows("Spans of the client").Select(row => string.Join(" | ", row.Take(3))), ignoreOrder: true);
    }

    /// <summary>A processor that stops while its handler runs releases the message.</summary>
    private static async Task StopInAHandlerAsync(GatewayClient client)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var processor = client.CreateProcessor("orders", new GatewayProcessorOptions { StopTimeout = TimeSpan.Zero });
        processor.ProcessMessageAsync += args =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, args.CancellationToken);
        };
        await processor.StartProcessingAsync(Token);
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await processor.StopProcessingAsync(Token);
    }

    [Fact]
    public void TheDashboard_UsesOnlyNamesOfThePage()
    {
        var known = Rows("Metrics of the gateway").Select(row => row[4]).ToHashSet();
        var labels = Rows("Metrics of the gateway").SelectMany(row => row[3].Split(", ")).Select(key => key.Replace('.', '_'))
            .Concat(["le", "instance", "job"]).ToHashSet();
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "gateway", "Telemetry", "grafana.json")));
        var queries = Queries(dashboard.RootElement).ToList();

        queries.Count.ShouldBeGreaterThan(15);
        foreach (var part in Rows("Metrics of the gateway").Select(row => row[4]).Where(name => name.Contains("let_")))
            queries.ShouldContain(query => query.Contains(part), $"no panel shows {part}");
        queries.SelectMany(query => Metric().Matches(query)).Select(found => Histogram().Replace(found.Value, ""))
            .Where(name => !known.Contains(name)).ShouldBeEmpty();
        queries.SelectMany(query => Label().Matches(query)).SelectMany(found =>
            found.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)).Where(label => !labels.Contains(label)).ShouldBeEmpty();
    }

    /// <summary>
    /// The rows of the table under a heading: each cell without its backticks, and with the attributes that a group in it stands for.
    /// </summary>
    internal static IReadOnlyList<string[]> Rows(string heading)
    {
        var groups = Table("Groups of attributes", "| *").ToDictionary(row => row[0], row => row[1]);
        var rows = Table(heading, "| `").Select(row => row.Select(cell => Ungrouped(cell, groups)).ToArray()).ToList();
        rows.ShouldNotBeEmpty();
        return rows;
    }

    private static IEnumerable<string[]> Table(string heading, string beginning) => File.ReadLines(Path.Combine(SourceTree.Root, Page))
        .SkipWhile(line => line != $"## {heading}")
        .Skip(1)
        .TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith(beginning, StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Replace("`", "").Trim()).ToArray());

    private static string Ungrouped(string cell, IReadOnlyDictionary<string, string> groups) => cell.Contains('*')
        ? string.Join(", ", cell.Split(", ").SelectMany(
            name => groups.TryGetValue(name, out var names) ? Ungrouped(names, groups).Split(", ") : [name]).Order(StringComparer.Ordinal))
        : cell;

    internal static IEnumerable<string> MetricsOf(Recorder recorder) => recorder.Instruments.Select(instrument =>
        $"{instrument.Name} | {KindOf(instrument)} | {instrument.Unit} | "
            + Listed(recorder.Measurements
                .Where(measured => measured.Metric == instrument.Name).SelectMany(measured => measured.Tags.Keys)));

    private static IEnumerable<string> SpansOf(Recorder recorder) =>
        recorder.Spans.GroupBy(span => (Name: NameOf(span), span.Kind)).Select(like =>
        $"{like.Key.Name} | {like.Key.Kind.ToString().ToLowerInvariant()} | "
            + Listed(like.SelectMany(span => span.TagObjects).Select(tag => tag.Key)));

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Distinct().Order(StringComparer.Ordinal));

    private static string NameOf(Activity span) => $"{span.DisplayName.Split(' ')[0]} {{destination}}";

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var type when type.StartsWith("Counter", StringComparison.Ordinal)
            || type.StartsWith("ObservableCounter", StringComparison.Ordinal) => "counter",
        var type when type.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
        _ => "gauge",
    };

    private static IEnumerable<string> Queries(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member is
        { Name: "expr", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : Queries(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Queries),
        _ => [],
    };

    /// <summary>The name of a metric: labels stand in braces, or in parentheses after <c>by</c>.</summary>
    [GeneratedRegex(@"\bgateway_\w+(?=[\{\[]| |$|\))(?<!by \([^)]*)(?<!\{[^}]*)")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Histogram();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex Label();
}
