using Gateway.Management;
using Gateway.Telemetry;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Telemetry;

public sealed class StateSamplerTests : IRunningGateway, IDisposable
{
    private readonly TelemetryBench _bench = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly FakeManagement _management = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _asked.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Sampler_ShowsEachAnswer_AndForgetsTheLastWhenTheGatewayStops()
    {
        _management.State = _bench.State();
        using var sampler = new StateSampler(this, _bench.Telemetry, _bench.Time);
        await sampler.StartAsync(Token);
        await _asked.WaitAsync(Token);

        // A caller that asks again has shown the earlier answer.
        _bench.Time.Advance(StateSampler.Interval);
        await _asked.WaitAsync(Token);
        _bench.Recorder.Ask();
        _bench.Recorder.Sum("gateway.dead_letters.messages").ShouldBe(2);

        await sampler.StopAsync(Token);
        _bench.Recorder.Measurements.Clear();
        _bench.Recorder.Ask();
        _bench.Recorder.OfState.ShouldBeEmpty();
    }

    IManagement IRunningGateway.Management
    {
        get
        {
            _asked.Release();
            return _management;
        }
    }

    IPairing? IRunningGateway.Pairing => null;

    string? IRunningGateway.Waiting => null;

    string? IRunningGateway.Standby => null;

    string? IRunningGateway.Failure => null;
}
