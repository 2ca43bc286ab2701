using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>Times and rates that a person is told are those of what happened, not of who looks.</summary>
public sealed class WhatAPersonSeesTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly ManagementBench _bench = new();

    [Fact]
    public void ALinkThatIsDown_IsSoSinceItsEnd_AlsoAfterThisGatewayWasRestarted()
    {
        _bench.Welcome("there");
        _bench.After(_second);
        _bench.Lose("there");
        var since = Status.Since;
        _bench.After(TimeSpan.FromMinutes(28));

        _bench.Restart();
        _bench.Lose("there");

        since.ShouldBeLessThan(_bench.Clock.Now - TimeSpan.FromMinutes(27));
        Status.Since.ShouldBe(since);
    }

    [Fact]
    public void ALinkThatWasUpBeforeThisGatewayWasRestarted_IsDownSinceThen()
    {
        _bench.Welcome("there");
        _bench.After(TimeSpan.FromMinutes(28));

        _bench.Restart();
        _bench.Lose("there");

        Status.Since.ShouldBe(_bench.Clock.Now);
    }

    [Fact]
    public void ALinkThatIsDown_IsSoSinceItsEnd_WhateverItsCausesSince()
    {
        _bench.Welcome("there");
        _bench.After(_second);
        _bench.Lose("there");
        var since = Status.Since;

        foreach (var cause in new[] { LinkCause.Refused, LinkCause.ConnectTimeout, LinkCause.Refused })
        {
            _bench.After(TimeSpan.FromMinutes(1));
            _bench.Core.Outgoing["there"].OnLost(cause, "as the test says");
            Status.Cause.ShouldBe(cause);
            Status.Since.ShouldBe(since);
        }

        _bench.Welcome("there");
        Status.Since.ShouldBe(_bench.Clock.Now);
    }

    [Fact]
    public void APeer_IsDelivered_WhatItAcknowledges_AndNotWhatIsTakenElsewhere()
    {
        _bench.Welcome("there");
        _bench.Enqueue("orders@there", [.. Enumerable.Repeat("a", 40)]);
        _bench.ReadState();
        _bench.After(_second);
        _bench.Core.Outgoing["there"].OnLost(LinkCause.Refused, "gone");
        _bench.Operate(new OperationRequest
        {
            Kind = OperationKind.Redirect,
            Queue = QueueId.Outgoing("orders", "there"),
            Destination = "orders@far",
            IncludeInDoubt = true,
        }).Changed.ShouldBe(40);
        _bench.After(_second);

        var moved = _bench.ReadState();
        moved.Queues.Single(queue => queue.Id.Name == "orders@there").RemovedPerSecond.ShouldBeGreaterThan(0);
        moved.Links.ShouldAllBe(link => link.SentPerSecond == 0);

        _bench.Welcome("far");
        _bench.ReadState();
        _bench.Acknowledge("far", "orders", 40);
        _bench.After(_second);
        _bench.ReadState().Links.Single(link => link.Status.Peer == "far").SentPerSecond.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void ATrace_DatesWhatIsGoingOn_FromItsBeginning()
    {
        var queue = QueueId.Outgoing("orders", "there");
        _bench.Welcome("there");
        _bench.Lose("there");
        var since = Status.Since;
        _bench.After(_second);
        _bench.Enqueue("orders@there", "a");
        var accepted = _bench.Clock.Now;
        _bench.After(TimeSpan.FromMinutes(5));

        Waiting(queue).At.ShouldBe(accepted);
        Waiting(queue).Text.ShouldEndWith($"since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");

        _bench.Enqueue("jobs@here", "b");
        _bench.After(TimeSpan.FromMinutes(5));
        Waiting(QueueId.Inbound("jobs")).At.ShouldBeNull();
    }

    private LinkStatus Status => _bench.Core.Outgoing["there"].Status;

    private TraceStep Waiting(QueueId queue) => _bench.Ask<MessageTrace?>(answer => _bench.Management.Trace(queue, 1, answer))
        .ShouldNotBeNull().Steps.Single(step => step.Step == "waiting");
}
