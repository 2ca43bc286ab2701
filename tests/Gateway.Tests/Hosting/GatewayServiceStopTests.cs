using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Hosting;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Hosting;

/// <summary>A gateway whose loop is held by a library, here that of telemetry, is told to stop.</summary>
[Kind(Kind.Slow)]
public sealed class GatewayServiceStopTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private readonly HangingTelemetry _telemetry = new();
    private readonly StopPatience _stop = new(TimeSpan.Zero);
    private readonly string[] _addresses = [.. LoopbackPort.Free(2).Select(port => $"tcp://127.0.0.1:{port}")];
    private readonly GatewayService _service;

    public GatewayServiceStopTests()
    {
        // The limits of a hurry: the test waits for them.
        _stop.Hurry();
        _service = NewService(_telemetry, _addresses[0]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _telemetry.GoOn.Set();
        _service.Dispose();
        _telemetry.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ALoop_ThatDoesNotEnd_IsLeft_AndTheStoreIsClosedWithWhatWasAccepted()
    {
        await _service.StartAsync(Token);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = _addresses[0] });
        _ = client.EnqueueAsync("q@shop", "one"u8.ToArray(), cancellationToken: Token).AsTask();
        await _telemetry.IsHanging.WaitAsync(_patience, Token);

        await _service.StopAsync(Token).WaitAsync(_patience, Token);

        _service.Fault.ShouldNotBeNull().ShouldContain("the thread of its loop did not. The process ends without it");
        _service.Failure.ShouldBeNull();
        // The listeners of the one that was left end with its process only.
        using var next = NewService(NoTelemetry.Instance, _addresses[1]);
        await next.StartAsync(Token);
        (await next.Management!.ReadStateAsync(Token)).Inbound.Messages.ShouldBe(1);
        await next.StopAsync(Token);
        next.Fault.ShouldBeNull();
    }

    private GatewayService NewService(ITelemetry telemetry, string address)
    {
        var options = new GatewayOptions { Name = "shop" };
        options.Store.Path = _folder;
        options.Intake.Address = address;
        options.Links.Address = "";
        return new GatewayService(options, _stop, TimeProvider.System, new Random(1), telemetry,
            new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLoggerFactory.Instance);
    }

    /// <summary>Hangs when a message was accepted, until the end of the test.</summary>
    private sealed class HangingTelemetry : ITelemetry, IDisposable
    {
        private readonly TaskCompletionSource _isHanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsHanging => _isHanging.Task;

        public ManualResetEventSlim GoOn { get; } = new();

        public void Dispose() => GoOn.Dispose();

        public void Accepted(IReadOnlyList<Placed> placed)
        {
            _isHanging.TrySetResult();
            GoOn.Wait();
        }

        public void Refused(WireCode code)
        {
        }

        public void Sent(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore)
        {
        }

        public void Acknowledged(QueueId queue, long upTo, int messages, TimeSpan after)
        {
        }

        public void StartsAfter(QueueId queue, long number, bool isOnDisk)
        {
        }

        public void LinkChanged(string peer, LinkChange change)
        {
        }

        public void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt)
        {
        }

        public void Delivered(QueueId queue, StoredMessage message, int deliveries)
        {
        }

        public void Settled(QueueId queue, long number, Settlement how)
        {
        }

        public void Committed(int commands, long bytes, TimeSpan took)
        {
        }

        public void DeadLettered(QueueId queue, DeadLetterReason reason)
        {
        }
    }
}
