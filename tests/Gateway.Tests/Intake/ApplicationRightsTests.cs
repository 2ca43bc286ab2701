using Gateway.Client.Wire;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>The rights of each application, when applications are configured.</summary>
public sealed class ApplicationRightsTests
{
    private const string Token = "0123456789abcdef";

    private static readonly RequestId _one = RequestId.FromNumber(1);

    private readonly IntakeBench _bench = new(applications: new ApplicationBook(
    [
        (ApplicationBook.Hash(Token), new ApplicationRights("web", new NamePatterns(["orders@*"]), new NamePatterns(["replies"]))),
        (ApplicationBook.Hash("another token here"), new ApplicationRights("ops", new NamePatterns([]), new NamePatterns([]))),
    ]));

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdeX")]
    public void AHello_WithoutATokenThatIsKnown_OpensNothing(string token)
    {
        _bench.Send(new Request.Hello("1", "web", token));
        _bench.Clock.Advance(_bench.Clock.Now + TimeSpan.FromSeconds(1));
        _bench.Sessions.Tick();
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.NotAuthorised);

        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);
        _bench.Placed.ShouldBeEmpty();
    }

    [Fact]
    public void Enqueue_IsAllowed_ToTheDestinationsOfTheRight_AndToNoOthersAfterThem()
    {
        Hello(Token);
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        foreach (var destination in new[] { "bills@there", "copies", "orders" })
        {
            _bench.Enqueue(destination, IntakeBench.Item());
            Refused().ShouldBe($"the application web lacks the right Enqueue to '{destination}' (Gateway:Intake:Applications)");
        }

        _bench.Placed.Count.ShouldBe(1);
    }

    [Fact]
    public void Receive_AndPeek_AreAllowed_OnTheQueuesOfTheRight()
    {
        Hello(Token);
        _bench.Send(new Request.Peek(_one, "replies", 0, 1));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Peeked>();
        _bench.Send(new Request.Receive(_one, "replies", 1, null));
        _bench.Take().ShouldBeEmpty();

        _bench.Send(new Request.Peek(_one, "orders", 0, 1));
        Refused().ShouldContain("Receive from 'orders'");
        _bench.Send(new Request.Receive(_one, "orders", 1, null));
        Refused().ShouldContain("Receive from 'orders'");
    }

    [Fact]
    public void Depth_IsToldOfQueues_ThatMayBeSentToOrReceivedFrom()
    {
        Hello(Token);
        foreach (var allowed in new[] { "orders@there", "replies" })
        {
            _bench.Send(new Request.Depth(_one, allowed));
            _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Depth>();
        }

        _bench.Send(new Request.Depth(_one, "bills@there"));
        Refused().ShouldContain("Enqueue to 'bills@there'");
        _bench.Send(new Request.Depth(_one, "orders"));
        Refused().ShouldContain("Receive from 'orders'");
    }

    [Fact]
    public void Ready_NeedsNoRight()
    {
        Hello("another token here");
        _bench.Send(new Request.Ready(_one));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Ready>();
    }

    private void Hello(string token)
    {
        _bench.Send(new Request.Hello("1", "app", token));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Welcome>();
    }

    private string Refused()
    {
        var refused = _bench.TakeRejected();
        refused.Code.ShouldBe(WireCode.NotAuthorised);
        return refused.Text;
    }
}
