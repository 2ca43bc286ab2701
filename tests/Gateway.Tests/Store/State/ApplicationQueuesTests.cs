using Gateway.Client;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

/// <summary>Queues that one application fills.</summary>
public sealed class ApplicationQueuesTests
{
    private readonly StoreBench _bench = new(new StoreSettings { ApplicationQueuesMax = 3 });

    [Fact]
    public void OneQueueTooMany_IsRefused_AndOtherApplicationsAreNot()
    {
        for (var i = 0; i < 3; i++) Enqueue($"q{i}", "shop").ShouldBeNull();

        Enqueue("q3", "shop").ShouldBe(
            "inbound q3 would be one queue more than the 3 that messages of shop may fill (Store:ApplicationQueuesMax)");
        Enqueue("q3", "till").ShouldBeNull();
        Enqueue("q3", "shop").ShouldBeNull();
        Enqueue("q0", "shop").ShouldBeNull();
    }

    [Fact]
    public void AQueueThatIsEmptied_MakesRoom_HoweverOftenItIsUsedAgain()
    {
        for (var i = 0; i < 50; i++)
        {
            Enqueue("q0", "shop").ShouldBeNull();
            _bench.Submit(new CompleteCommand(QueueId.Inbound("q0"), i + 1, () => { }));
            _bench.Run();
        }

        for (var i = 1; i < 4; i++) Enqueue($"q{i}", "shop").ShouldBeNull();
        Enqueue("q4", "shop").ShouldNotBeNull();
    }

    [Fact]
    public void EachOfSeveralTargetsCounts_AndNoneIsFilledWhenOneIsTooMany()
    {
        Enqueue("q0", "shop").ShouldBeNull();

        Enqueue(["q1", "q2", "q3"], "shop").ShouldNotBeNull();
        _bench.State.Origins.FilledBy("shop").ShouldBe(1);
        Enqueue(["q0", "q1", "q2"], "shop").ShouldBeNull();
        _bench.State.Origins.FilledBy("shop").ShouldBe(3);
    }

    [Fact]
    public void WhatIsEmptied_IsCountedNoMore_WhoeverFillsItNext()
    {
        Enqueue("q0", "shop").ShouldBeNull();
        Enqueue("q0", "till").ShouldBeNull();
        _bench.State.Origins.FilledBy("till").ShouldBe(0);
        for (var number = 1; number <= 2; number++) _bench.Submit(new CompleteCommand(QueueId.Inbound("q0"), number, () => { }));
        _bench.Run();
        _bench.State.Origins.FilledBy("shop").ShouldBe(0);

        Enqueue("q0", "till").ShouldBeNull();

        _bench.State.Origins.FilledBy("shop").ShouldBe(0);
        _bench.State.Origins.FilledBy("till").ShouldBe(1);
    }

    private string? Enqueue(string queue, string application) => Enqueue([queue], application);

    private string? Enqueue(IReadOnlyList<string> queues, string application)
    {
        var message = new Message
        {
            Id = MessageId.New(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            EnqueuedUnixMs = 1,
            Source = "here",
            Body = "x"u8.ToArray()
        };
        var command = new EnqueueCommand([.. queues.Select(QueueId.Inbound)], [new IncomingMessage(message, 1)], 1, _ => { })
        { Application = application };
        _bench.Submit(command);
        _bench.Run();
        return command.Full;
    }
}
