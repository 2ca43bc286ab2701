using Gateway.Client.Outbox;
using Gateway.Client.Wire;
using Gateway.Tests.Telemetry;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Outbox;

/// <summary>What a relay at SQLite tells whoever listens to its meter.</summary>
[Collection(ListenerCollection.Name)]
public sealed class OutboxMetricsTests : OutboxBenchTest
{
    private static readonly (string, string) _isReady = ("gateway.outbox.state", "ready");
    private static readonly (string, string) _waits = ("gateway.outbox.state", "waiting");
    private static readonly (string, string) _hasFailed = ("gateway.outbox.state", "failed");

    [Fact]
    public async Task WhatIsInTheOutbox_AndHowOldItIs_IsToldWhileARelayIsActive()
    {
        using var recorder = new Recorder(null, OutboxTelemetry.Meter);
        var refuses = true;
        Bench.Refuses = (destination, body) =>
            body == "bad" ? WireCode.IdConflict : destination == "orders@billing" && refuses ? WireCode.NoRoute : null;
        await Bench.WriteAsync(Token, "orders@billing", "1", "2");
        await Bench.WriteAsync(Token, "audit@billing", "a", "bad", "b", "c");
        await Bench.ScalarAsync("UPDATE gateway_outbox SET created_at = datetime('now', '-1 hour') WHERE id = 1", Token);
        recorder.Ask();
        recorder.Measurements.ShouldBeEmpty();

        var end = Bench.Relay();
        await UntilAsync("it tells what waits and has failed", () =>
            (Asked(recorder, _isReady), Asked(recorder, _waits), Asked(recorder, _hasFailed)) == (0, 2, 1));
        Asked(recorder, "gateway.outbox.oldest.age")!.Value.ShouldBeInRange(3600, 3700);
        recorder.Sum("gateway.outbox.relayed", ("messaging.destination.name", "audit@billing")).ShouldBe(3);
        recorder.Sum("gateway.outbox.relayed").ShouldBe(3);
        recorder.Sum("gateway.outbox.failures", ("error.type", "message_refused")).ShouldBe(1);
        recorder.Sum("gateway.outbox.failures", ("error.type", "destination_refused")).ShouldBeGreaterThan(0);

        Volatile.Write(ref refuses, false);
        await UntilAsync("it tells that nothing waits", () => Asked(recorder, _waits) == 0);
        Asked(recorder, "gateway.outbox.oldest.age").ShouldBe(0);
        recorder.Sum("gateway.outbox.relayed", ("messaging.destination.name", "orders@billing")).ShouldBe(2);

        await end();
        recorder.Measurements.Clear();
        recorder.Ask();
        recorder.Measurements.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheNames_AreThoseOfThePage_AndEachFailureHasOne()
    {
        using var recorder = new Recorder(null, OutboxTelemetry.Meter);
        await using var bench = new OutboxBench(timeout: TimeSpan.FromMilliseconds(200)) { IsMute = true };
        bench.Relay();
        await UntilAsync("the database fails", () => Failures(recorder, "database") > 0);
        await bench.MakeAsync(Token);
        await bench.WriteAsync(Token, "orders@billing", "1");
        await UntilAsync("the gateway is mute", () => Failures(recorder, "gateway") > 0);
        // What it has is told while it waits for the gateway.
        await UntilAsync("one is ready", () => Asked(recorder, _isReady) == 1);
        bench.IsMute = false;
        await UntilAsync("it is sent", () => recorder.Sum("gateway.outbox.relayed") > 0);

        NamesTests.MetricsOf(recorder)
            .ShouldBe(NamesTests.Rows("Metrics of the outbox").Select(row => string.Join(" | ", row.Take(4))), ignoreOrder: true);
    }

    [Fact]
    public async Task AnOutboxThatCannotBeCounted_IsToldOnce_AndTheRelayGoesOn()
    {
        using var recorder = new Recorder(null, OutboxTelemetry.Meter);
        Bench.Relay();
        await UntilAsync("it tells", () => Asked(recorder, _isReady) == 0);

        await Bench.ScalarAsync("ALTER TABLE gateway_outbox RENAME COLUMN created_at TO made_at", Token);
        await UntilAsync("it says so", () => Bench.LogText.Contains("could not be counted", StringComparison.Ordinal));
        await UntilAsync("it tells nothing", () => Asked(recorder, _isReady) is null);
        await Bench.WriteAsync(Token, "orders@billing", "1");
        await UntilAsync("it is sent", () => Bench.Taken.Count == 1);
        Bench.LogText.Split("could not be counted").Length.ShouldBe(2);
        recorder.Sum("gateway.outbox.failures").ShouldBe(0);
    }

    private static double Failures(Recorder recorder, string error) => recorder.Sum("gateway.outbox.failures", ("error.type", error));

    private static double? Asked(Recorder recorder, (string Key, string Value) state) =>
        Asked(recorder, "gateway.outbox.messages", state);

    /// <summary>What the gauge says now; null for nothing.</summary>
    private static double? Asked(Recorder recorder, string metric, params (string Key, string Value)[] where)
    {
        var before = recorder.Measurements.Count;
        recorder.Ask();
        return recorder.Measurements.Skip(before).LastOrDefault(measured =>
            measured.Metric == metric && where.All(tag => measured.Tags.GetValueOrDefault(tag.Key) == tag.Value))?.Value;
    }
}
