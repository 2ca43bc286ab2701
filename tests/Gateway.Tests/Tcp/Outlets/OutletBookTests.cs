using Gateway.Tcp;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>
/// An outlet that is changed or removed while messages are under way: the former target and the new one never both get one.
/// </summary>
public sealed class OutletBookTests
{
    private readonly OutletBench _bench = new();

    [Fact]
    public void Unchanged_GoesOn()
    {
        _bench.Enqueue("a");
        var target = _bench.Connect();

        _bench.Use(OutletBench.Settings());
        _bench.After(TimeSpan.FromSeconds(20));

        target.IsReset.ShouldBeNull();
        _bench.Targets.Dialed.Count.ShouldBe(1);
    }

    [Fact]
    public void ChangedTarget_IsDialedAtOnce_IfNothingIsUnderWay()
    {
        _bench.Enqueue("a");
        var former = _bench.Connect();
        former.Acknowledge();
        _bench.Run();

        var target = _bench.Use(Changed());

        former.IsReset.ShouldBe(false);
        target.ShouldNotBe(former);
    }

    [Fact]
    public void ChangedTarget_IsDialed_WhenTheFormerOneHasAcknowledgedWhatWasSent()
    {
        _bench.Enqueue("a", "b");
        var former = _bench.Connect();
        _bench.Use(Changed());
        _bench.Enqueue("c");
        _bench.Targets.Dialed.Count.ShouldBe(1);
        former.Written.ShouldBe("a\nb\n");
        _bench.Book.IsDrained.ShouldBeFalse();
        former.Acknowledge(3);
        _bench.Run();
        _bench.Targets.Dialed.Count.ShouldBe(1);

        former.Acknowledge();
        _bench.Run();
        _bench.Book.NextTick.ShouldBe(TimeSpan.Zero);
        _bench.After(TimeSpan.Zero);

        former.IsReset.ShouldBe(false);
        _bench.Targets.Dialed.Count.ShouldBe(2);
        _bench.Up(_bench.Targets.Last);
        _bench.Targets.Last.Written.ShouldBe("c\n");
        _bench.Status.Settings.Port.ShouldBe(701);
    }

    [Fact]
    public void ChangedTarget_GetsWhatIsInDoubt_OnlyWhenTheTimeOfTheFormerOneIsOver()
    {
        _bench.Enqueue("a", "b");
        var former = _bench.Connect();
        _bench.Use(Changed());
        _bench.Book.NextTick.ShouldBeLessThanOrEqualTo(_bench.Clock.Uptime + TimeSpan.FromSeconds(10));

        _bench.After(TimeSpan.FromSeconds(9.9));
        _bench.Targets.Dialed.Count.ShouldBe(1);
        _bench.After(TimeSpan.FromSeconds(0.1));

        former.IsReset.ShouldBe(false);
        _bench.Up(_bench.Targets.Last);
        _bench.Targets.Last.Written.ShouldBe("a\nb\n");
    }

    [Fact]
    public void ChangedTarget_WaitsForTheReplayWindowToo()
    {
        _bench.Enqueue("a");
        var former = _bench.Connect(OutletBench.Settings() with { ReplayWindow = TimeSpan.FromSeconds(15) });
        former.Acknowledge();
        _bench.Use(Changed());

        _bench.After(TimeSpan.FromSeconds(14));
        _bench.Targets.Dialed.Count.ShouldBe(1);
        _bench.After(TimeSpan.FromSeconds(1));
        _bench.After(TimeSpan.Zero);

        _bench.Targets.Dialed.Count.ShouldBe(2);
        _bench.Up(_bench.Targets.Last);
        _bench.Targets.Last.Written.ShouldBeEmpty();
    }

    [Fact]
    public void AnotherOutletOfTheQueue_WaitsForTheFormerOne_AndOneOfAnotherQueueDoesNot()
    {
        _bench.Enqueue("a");
        var former = _bench.Connect();

        _bench.Book.Use([Changed() with { Name = "second" }, Changed() with { Name = "third", Queue = "other" }]);
        _bench.Run();

        _bench.Book.Statuses.Select(status => status.Settings.Name).ShouldBe(["out", "third"]);
        former.Acknowledge();
        _bench.Run();
        _bench.After(TimeSpan.Zero);
        _bench.Book.Statuses.Select(status => status.Settings.Name).ShouldBe(["second", "third"]);
    }

    [Fact]
    public void RemovedOutlet_CompletesWhatWasSent_AndTakesNothingMore()
    {
        _bench.Enqueue("a");
        var former = _bench.Connect();
        _bench.Book.Use([]);
        _bench.Enqueue("b");

        former.Acknowledge();
        _bench.Run();
        _bench.After(TimeSpan.Zero);

        former.Written.ShouldBe("a\n");
        _bench.Waiting().ShouldBe("b0");
        _bench.Book.Statuses.ShouldBeEmpty();
    }

    [Fact]
    public void AStopMeanwhile_WaitsForTheFormerOne_AndBeginsNoOther()
    {
        _bench.Enqueue("a");
        var former = _bench.Connect();
        _bench.Use(Changed());

        _bench.Book.Close();
        _bench.Book.IsDrained.ShouldBeFalse();
        former.Acknowledge();
        _bench.Run();
        _bench.After(TimeSpan.Zero);

        _bench.Book.IsDrained.ShouldBeTrue();
        _bench.Targets.Dialed.Count.ShouldBe(1);
        _bench.Book.Statuses.ShouldBeEmpty();
    }

    private static OutletSettings Changed() => OutletBench.Settings() with { Port = 701 };
}
