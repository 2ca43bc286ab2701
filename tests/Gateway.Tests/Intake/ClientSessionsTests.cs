using System.Text;
using Gateway.Client.Wire;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

public sealed class ClientSessionsTests
{
    private static readonly RequestId _one = RequestId.FromNumber(1);
    private readonly IntakeBench _bench = new();

    [Fact]
    public void Hello_IsWelcomed()
    {
        _bench.Send(new Request.Hello("1", "app"));

        var welcome = _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Welcome>();
        (welcome.Version, welcome.Gateway, welcome.Incarnation.Length).ShouldBe(("1", "here", 32));
    }

    [Fact]
    public void Hello_OfAnotherVersion_IsUnsupported_AndOpensNothing()
    {
        _bench.Send(new Request.Hello("2", "app"));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.UnsupportedVersion);

        _bench.Send(new Request.Ready(_one));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);
    }

    [Fact]
    public void AnythingBeforeHello_IsHelloRequired_ButBye()
    {
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);

        _bench.Send(new Request.Bye());
        _bench.Take().ShouldBeEmpty();
    }

    [Fact]
    public void Ready_NamesTheGateway_AndWhyItTakesNothing()
    {
        _bench.Hello();
        _bench.Send(new Request.Ready(_one));
        _bench.Take().ShouldBe([new Reply.Ready(_one, "here", "")]);

        _bench.Obstacle = "the disk is full";
        _bench.Send(new Request.Ready(_one));
        _bench.Take().ShouldBe([new Reply.Ready(_one, "here", "the disk is full")]);
    }

    [Fact]
    public void Depth_CountsOneQueue_AndTellsHowThePeerIs()
    {
        _bench.Hello();
        _bench.Enqueue("orders@there", IntakeBench.Item(), IntakeBench.Item());
        _bench.Enqueue("orders@here", IntakeBench.Item());
        _bench.Take();

        _bench.Send(new Request.Depth(_one, "orders@there"));
        var outgoing = _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Depth>();
        (outgoing.Messages, outgoing.State, outgoing.Cause, outgoing.Text).ShouldBe((2, "down", "Refused", "nothing listens"));
        outgoing.Bytes.ShouldBePositive();

        foreach (var local in new[] { "orders", "orders@here" })
        {
            _bench.Send(new Request.Depth(_one, local));
            var inbound = _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Depth>();
            (inbound.Messages, inbound.State).ShouldBe((1, ""));
        }

        // A name that has a route is a local queue all the same, and nothing was ever put into this one.
        _bench.Send(new Request.Depth(_one, "copies"));
        _bench.Take().ShouldBe([new Reply.Depth(_one, 0, 0, 0, "", "", "")]);
    }

    [Theory]
    [InlineData("orders@nobody", WireCode.NoRoute)]
    [InlineData("no name", WireCode.BadDestination)]
    [InlineData("", WireCode.BadDestination)]
    public void Depth_OfWhatIsNoQueue_IsRefused(string name, object code)
    {
        _bench.Hello();
        _bench.Send(new Request.Depth(_one, name));

        _bench.TakeRejected().Code.ShouldBe((WireCode)code);
    }

    [Fact]
    public void WhoWatches_IsToldHowTheLinksAreToWhichItSends_AtFirstAndAtEachChange_AndNobodyElse()
    {
        _bench.Hello("1");
        _bench.Hello("2");
        _bench.Enqueue("orders@far", IntakeBench.Item());
        _bench.Sessions.OnPeerChanged(new PeerState("far", "up", "", ""));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        _bench.Send(new Request.Watch(_one));
        _bench.Take().ShouldBe([new Reply.Settled(_one), new Reply.Peer("far", "down", "Refused", "nothing listens")]);
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Enqueue("bills@there", IntakeBench.Item());
        _bench.Take().OfType<Reply.Peer>().ShouldHaveSingleItem().ShouldBe(new Reply.Peer("there", "down", "Refused", "nothing listens"));

        _bench.Sessions.OnPeerChanged(new PeerState("there", "up", "Refused", "came up"));
        _bench.Sessions.OnPeerChanged(new PeerState("beyond", "up", "", ""));

        _bench.Take().ShouldHaveSingleItem().ShouldBe(new Reply.Peer("there", "up", "Refused", "came up"));
    }

    [Fact]
    public void Frames_ThatAreNoRequest_AreAnswered()
    {
        _bench.Hello();
        _bench.SendFrames("1", "NONSENSE"u8.ToArray());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.BadRequest);

        _bench.SendFrames("1", "RECEIVE"u8.ToArray(), "7"u8.ToArray());
        _bench.TakeRejected().Id.ShouldBe(RequestId.FromNumber(7));
    }

    [Fact]
    public void Requests_TooManyUnanswered_AreBusy_UntilOneIsAnswered()
    {
        var bench = new IntakeBench(new WireLimits { PendingRequestsMax = 2 }).Hello();
        for (var i = 1; i <= 3; i++) bench.Send(new Request.Ready(RequestId.FromNumber(i)));
        var refused = bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>();
        (refused.Id, refused.Code).ShouldBe((RequestId.FromNumber(3), WireCode.Busy));
        bench.Take().Count.ShouldBe(2);

        bench.Send(new Request.Ready(_one));
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Ready>();
    }

    [Fact]
    public void Requests_OneConnectionIsBusy_AnotherIsNot()
    {
        var bench = new IntakeBench(new WireLimits { PendingRequestsMax = 1 }).Hello("1").Hello("2");
        bench.Send(new Request.Ready(_one), "1");
        bench.Send(new Request.Ready(_one), "2");

        bench.TakeNow().ShouldBeEmpty();
    }

    [Fact]
    public void Hello_Again_OldAnswersAreNotTakenForNewOnes()
    {
        _bench.Hello();
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Hello();

        _bench.Take().ShouldBeEmpty();
        _bench.Placed.Count.ShouldBe(1);
    }

    [Fact]
    public void Hello_Again_DoesNotLiftTheBoundOfUnanswered()
    {
        var bench = new IntakeBench(new WireLimits { PendingRequestsMax = 1 }).Hello();
        bench.Send(new Request.Ready(_one));
        bench.Hello();
        bench.Send(new Request.Ready(_one));
        bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.Busy);
        bench.Take().ShouldBeEmpty();

        bench.Send(new Request.Ready(_one));
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Ready>();
    }

    [Fact]
    public void Hello_Again_EndsSubscriptionsAndLeases()
    {
        _bench.Hello();
        _bench.Send(new Request.Receive(_one, "q", 1, null));
        _bench.Hello();
        _bench.Send(new Request.Stop(_one));

        _bench.Take().ShouldBe([new Reply.Stopped(_one)]);
    }

    [Fact]
    public void Bye_EndsTheSession()
    {
        _bench.Hello();
        _bench.Send(new Request.Bye());
        _bench.Send(new Request.Ready(_one));

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);
    }

    [Fact]
    public void Lost_NothingIsSentAnyMore()
    {
        _bench.Hello();
        _bench.Send(new Request.Ready(_one));
        _bench.Sessions.OnLost("1");
        _bench.Sessions.OnLost("1");

        _bench.Take().ShouldBeEmpty();
    }

    [Fact]
    public void Goodbye_GoesToEachApplication()
    {
        _bench.Hello("1").Hello("2");
        _bench.Sessions.SayGoodbye();

        _bench.Take().ShouldBe([new Reply.Goodbye(), new Reply.Goodbye()]);
    }

    [Fact]
    public void Settle_WithATokenNobodyHas_IsLeaseLost()
    {
        _bench.Hello();
        _bench.Send(new Request.Complete(_one, new DeliveryToken(99)));

        _bench.TakeRejected().Code.ShouldBe(WireCode.LeaseLost);
    }

    [Fact]
    public void Protocol_ListsEachCodeAndEachVerb()
    {
        var protocol = File.ReadAllText(Path.Combine(SourceTree.Root, "client", "Gateway.Client", "Wire", "PROTOCOL.md"), Encoding.UTF8);

        foreach (var code in Enum.GetNames<WireCode>()) protocol.ShouldContain($"| `{code}` |");
        foreach (var request in typeof(Request).GetNestedTypes()) protocol.ShouldContain($"`{request.Name.ToUpperInvariant()}`");
        foreach (var reply in typeof(Reply).GetNestedTypes().Select(reply => reply.Name))
            protocol.ShouldContain($"`{(reply == nameof(Reply.Delivery) ? "MESSAGE" : reply.ToUpperInvariant())}`");
    }
}
