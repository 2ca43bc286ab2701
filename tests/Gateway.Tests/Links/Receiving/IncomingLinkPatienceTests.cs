using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Receiving;

/// <summary>How long the accepting side waits: on a slow line one frame takes minutes.</summary>
public sealed class IncomingLinkPatienceTests
{
    private static readonly GatewayIdentity _self = LinkBench.There with
    { Name = "here", StoreId = new Guid("00000000-0000-0000-0000-0000000000aa") };

    private readonly StoreBench _store = new(new StoreSettings());
    private readonly LoopClock _clock = new();
    private readonly SentFrames _sent = [];
    private readonly LinkSettings _settings = new() { Limits = LinkBench.Limits };
    private readonly IncomingLink _link;

    public IncomingLinkPatienceTests()
    {
        _clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _link = new IncomingLink(_settings, _self, LinkBench.Peers, _clock, _store, _sent, new StoredMessages(), new OwnPast(),
            NoTelemetry.Instance,
            NullLogger<IncomingLink>.Instance);
        _link.OnFrame(new LinkFrame.Hello(LinkBench.There, "here", LinkBench.Limits, 0));
        _store.Run();
        _sent.Clear();
    }

    [Fact]
    public void AFrameThatTricklesIn_IsWaitedFor_AndThePeerIsToldAllTheTimeThatItsBytesArrive()
    {
        for (var second = 0; second < 500; second++)
        {
            Wait(TimeSpan.FromSeconds(1));
            _link.OnBytes();
        }

        _link.IsClosed.ShouldBeFalse();
        // Each of these is life to the other side, whose own question waits behind the frame.
        _sent.OfType<LinkFrame.Ping>().Count().ShouldBeGreaterThan((int)(500 / _settings.DeadAfter.TotalSeconds));
        _sent.ShouldAllBe(frame => frame is LinkFrame.Ping);
    }

    [Fact]
    public void AFrameThatStopsInTheMiddle_EndsItAfterDeadAfter()
    {
        Wait(TimeSpan.FromSeconds(5));
        _link.OnBytes();
        Wait(_settings.DeadAfter);
        _link.IsClosed.ShouldBeFalse();
        _link.NextTick.ShouldBe(_clock.Uptime);
        Wait(TimeSpan.FromMilliseconds(1));

        _link.End!.Cause.ShouldBe(LinkCause.HalfOpen);
    }

    private void Wait(TimeSpan time)
    {
        _clock.Advance(_clock.Now + time);
        _link.Tick();
    }
}
