using Gateway.Inbox;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>An outlet whose queue hands out fewer messages at once than the outlet could hold.</summary>
public sealed class SmallQueueTests
{
    /// <summary>By itself it would hold 512 bytes.</summary>
    private static readonly OutletSettings _settings = OutletBench.Settings() with { IsPerConversation = true, WindowBytes = 64 };

    private static readonly string[] _bodies = [.. Enumerable.Range(10, 60).Select(number => $"{number}")];

    private readonly OutletBench _bench = new(new InboxSettings { HeldMessagesMax = 40 });

    [Fact]
    public void AConversationThatIsStuck_DoesNotHoldUpTheOthers()
    {
        _bench.Use(_settings);
        _bench.Frames("c1", _bodies);
        _bench.Up(_bench.Targets.Last);
        _bench.Frames("c2", "b");

        _bench.After(TimeSpan.FromSeconds(2));
        _bench.After(TimeSpan.FromSeconds(2));
        _bench.Targets.Dialed.Count.ShouldBe(2);
        _bench.Up(_bench.Targets.Last);

        _bench.Targets.Last.Written.ShouldBe("b\n");
    }

    [Fact]
    public void WhatWasPutBack_IsHandedOut_ThoughTheQueueIsFullOfIt()
    {
        _bench.Use(_settings);
        _bench.Frames("c1", _bodies);
        _bench.Targets.Last.Fail(LinkCause.Refused);
        _bench.Run();
        for (var step = 0; _bench.Targets.Dialed.Count == 1 && step < 1000; step++) _bench.After(TimeSpan.FromMilliseconds(10));
        var target = _bench.Targets.Last;
        _bench.Up(target);

        for (var turn = 0; turn < 100 && _bench.Waiting().Length > 0; turn++)
        {
            target.Acknowledge();
            _bench.After(TimeSpan.FromMilliseconds(100));
        }

        target.Written.ShouldBe(string.Concat(_bodies.Select(body => $"{body}\n")));
    }
}
