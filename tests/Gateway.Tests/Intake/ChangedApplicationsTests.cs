using Gateway.Client.Wire;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>The applications of another configuration are applied while sessions are open.</summary>
public sealed class ChangedApplicationsTests
{
    private const string Web = "0123456789abcdef";
    private const string Shop = "another token here";

    private static readonly RequestId _one = RequestId.FromNumber(1);

    private readonly IntakeBench _bench = new(applications: Book((Web, "web", "*", "*"), (Shop, "shop", "*", "*")));

    [Fact]
    public void ASessionWhoseTokenIsGone_Ends_AndOthersGoOn()
    {
        Hello(Web, "1");
        Hello(Shop, "2");

        _bench.Sessions.Use(Book((Shop, "shop", "*", "*")));

        _bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.NotAuthorised);
        _bench.Send(new Request.Enqueue(_one, "orders@there", [IntakeBench.Item()]), "1");
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);
        _bench.Send(new Request.Enqueue(_one, "orders@there", [IntakeBench.Item()]), "2");
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
        _bench.Placed.Count.ShouldBe(1);
    }

    [Fact]
    public void ARemovedToken_IsRefusedAtTheNextHello()
    {
        _bench.Sessions.Use(Book((Shop, "shop", "*", "*")));

        _bench.Send(new Request.Hello("1", "web", Web)).ShouldBe(CallerStanding.Refused);
    }

    [Fact]
    public void ASessionWhoseRightsShrink_LosesThemAtTheNextRequest()
    {
        Hello(Web, "1");
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        _bench.Sessions.Use(Book((Web, "web", "bills@*", "*")));

        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.TakeRejected().Code.ShouldBe(WireCode.NotAuthorised);
        _bench.Enqueue("bills@there", IntakeBench.Item());
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
    }

    [Fact]
    public void ASubscriptionWhoseRightIsGone_Ends_AndTheOtherGoesOn()
    {
        Hello(Web, "1");
        _bench.Send(new Request.Receive(_one, "orders", 5, null));
        _bench.Send(new Request.Receive(RequestId.FromNumber(2), "bills", 5, null));
        _bench.Take();

        _bench.Sessions.Use(Book((Web, "web", "*", "bills")));

        _bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Id.ShouldBe(_one);
        _bench.Send(new Request.Stop(_one));
        _bench.Send(new Request.Stop(RequestId.FromNumber(2)));
        _bench.Take().ShouldAllBe(reply => reply is Reply.Stopped);
    }

    [Fact]
    public void TheFirstApplications_EndSessionsWithoutAToken()
    {
        var open = new IntakeBench().Hello();

        open.Sessions.Use(Book((Shop, "shop", "*", "*")));

        open.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.NotAuthorised);
    }

    private void Hello(string token, string connection)
    {
        _bench.Send(new Request.Hello("1", "app", token), connection);
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Welcome>();
    }

    private static ApplicationBook Book(params (string Token, string Name, string Enqueue, string Receive)[] applications) =>
        new([.. applications.Select(application => (ApplicationBook.Hash(application.Token), new ApplicationRights(
            application.Name, new NamePatterns([application.Enqueue]), new NamePatterns([application.Receive]))))]);
}
