using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>The history of an inlet and its patterns, kept as those of a link.</summary>
public sealed class InletHistoryTests
{
    private readonly InletBench _bench = new(new StoreSettings { QueueMessagesMax = 2 });

    [Fact]
    public void EachChange_IsKept_WithItsCause()
    {
        _bench.Doors.AreShut = true;
        _bench.Use(InletBench.Settings() with { SendsEnds = false });
        _bench.Doors.AreShut = false;
        _bench.After(TimeSpan.FromSeconds(1));
        var program = _bench.Another();
        program.Send("a", "b");
        _bench.Store.Run();
        program.Send("c");
        _bench.Store.Run();
        _bench.After(TimeSpan.FromSeconds(6));
        _bench.Acknowledge(2);
        _bench.After(TimeSpan.FromSeconds(1));

        _bench.Status.History.Select(change => (change.State, change.Cause)).ShouldBe(
        [
            (LinkState.Down, LinkCause.LocalPolicy), (LinkState.Up, LinkCause.None), (LinkState.Up, LinkCause.LocalQuota),
            (LinkState.Up, LinkCause.None),
        ]);
        _bench.Status.History.Last().Evidence.ShouldBe($"listens on {InletBench.Address}");
        _bench.Kept.ShouldBe(_bench.Status.History);
    }

    [Fact]
    public void TheNextRun_KnowsIt()
    {
        _bench.Connect().Break();
        _bench.Book.SayGoodbye();
        var before = _bench.Status.History.ToList();

        _bench.Restart();
        _bench.Use(InletBench.Settings());

        _bench.Status.History.Take(before.Count).ShouldBe(before);
        before.ShouldContain(change => change.Cause == LinkCause.ResetByPeer);
    }

    [Fact]
    public void ConversationsThatEndAfterTheSameQuietTime_AreAPattern()
    {
        _bench.Use(InletBench.Settings());
        for (var i = 0; i < 4; i++)
        {
            var program = _bench.Another();
            _bench.After(TimeSpan.FromSeconds(i * 7));
            program.Send("a");
            _bench.After(TimeSpan.FromSeconds(120));
            program.Break();
            _bench.Acknowledge(100);
        }

        var pattern = TcpWords.Patterns(_bench.Status).First();
        pattern.Cause.ShouldBe(LinkCause.IdleCut);
        pattern.Text.ShouldStartWith("4 of 4 sudden ends came after 2 min without a frame");
        (_bench.Status.State, _bench.Status.Cause).ShouldBe((LinkState.Up, LinkCause.None));
    }

    [Fact]
    public void BytesOfAFrameThatIsNotWhole_AreNoQuietTime()
    {
        var program = _bench.Connect();
        program.Send("a");
        _bench.After(TimeSpan.FromSeconds(60));
        program.Arrived = 5;

        program.Break("piec");

        var end = _bench.Status.History.Last();
        (end.Cause, end.UpSeconds, end.QuietSeconds).ShouldBe((LinkCause.ResetByPeer, 60, null));
    }

    [Fact]
    public void HowAConversationEnded_IsTold_UnlessItWasMeant()
    {
        _bench.Use(InletBench.Settings());
        _bench.Another().End(InputEndKind.Finished);
        _bench.Another().End(InputEndKind.Finished, piece: "pie");
        _bench.Another().End(InputEndKind.NotAFrame);
        _bench.Another().End(InputEndKind.Stalled, piece: "pie");
        var finished = _bench.Another();
        finished.End(InputEndKind.Finished);
        finished.Lose();
        _bench.Store.Run();

        _bench.Status.History.Where(change => change.IsOneOfMany).Select(change => change.Cause)
            .ShouldBe([LinkCause.ClosedByPeer, LinkCause.WrongService, LinkCause.PeerStuck]);
        _bench.Status.History.Last().Evidence.ShouldBe($"conversation {_bench.Run}-4 with 10.0.0.5:5000: so it is");
    }

    [Fact]
    public void AStalledFrame_IsADeadLetter_AndItsConnectionIsReset()
    {
        var program = _bench.Connect();

        program.End(InputEndKind.Stalled, piece: "pie");
        _bench.Store.Run();

        program.HungUp.ShouldBe("reset");
        _bench.DeadLetters().ShouldHaveSingleItem().ShouldEndWith("ended within this frame: so it is");
        _bench.Sent().ShouldBe("[reset]");
    }

    [Fact]
    public void ManyEnds_AreSummedUp()
    {
        _bench.Use(InletBench.Settings() with { SendsEnds = false });
        for (var i = 0; i < 1000; i++)
        {
            _bench.Another().Break();
            _bench.After(TimeSpan.FromSeconds(1));
        }

        _bench.Kept.Count.ShouldBeLessThan(30);
        _bench.Status.History.Sum(change => change.Again ?? 1).ShouldBe(1001);
    }
}
