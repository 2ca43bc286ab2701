using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tests.Tcp.Outlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The trace of a message that an outlet delivers.</summary>
public sealed class OutletWayTests
{
    private static readonly DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly OutletStatus _down = new(OutletBench.Settings(), LinkState.Down, LinkCause.Refused, _now.AddSeconds(-9), "", "")
    {
        History =
        [
            new LinkChange(_now.AddSeconds(-9), LinkState.Down, LinkCause.ResetByPeer, "reset")
            {
                InDoubt = [new InDoubt("q", First: 3, Last: 5, Messages: 3)],
            },
        ],
    };

    [Fact]
    public void AMessageInDoubt_MayBeSeenTwice()
    {
        var way = Of(4, _down);

        way.Select(step => step.Step).ShouldBe(["accepted", "stored", "in-doubt", "waiting"]);
        way[2].Text.ShouldBe("sent to target:700, and not known to be delivered when the connection ended (ResetByPeer): the program may "
            + "see it twice");
        way[3].Text.ShouldBe("waits: the outlet out is down (Refused) since 2029-12-31 23:59:51Z");
        Of(6, _down).Select(step => step.Step).ShouldBe(["accepted", "stored", "waiting"]);
    }

    [Fact]
    public void AMessageWithTheOutlet_IsOnItsWay()
    {
        var up = _down with { State = LinkState.Up, History = [] };

        Of(4, up, isOut: true)[^1].Text.ShouldBe("with the outlet out, which sends it to target:700");
        Of(4, up)[^1].Text.ShouldBe("waits for its turn at the outlet out");
    }

    private static IReadOnlyList<TraceStep> Of(long number, OutletStatus outlet, bool isOut = false)
    {
        var message = new Message { Id = default, EnqueuedUnixMs = _now.AddMinutes(-1).ToUnixTimeMilliseconds(), Source = "there" };
        return MessageWay.Of(
            QueueId.Inbound("q"), number, new StoredMessage(number, message), letter: null, _now, link: null, outlet, isOut);
    }
}
