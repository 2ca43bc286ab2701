using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>An answer that says that all is well is about the session it is asked on, or is not given.</summary>
public sealed class SignsOfLifeTests
{
    private static readonly Request.Ping _ping = new("x"u8.ToArray());

    private readonly IntakeBench _bench = new();

    [Fact]
    public void Ping_WithinASession_IsAnswered()
    {
        _bench.Hello();
        _bench.Send(_ping);

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Pong>().Payload.ToArray().ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public void Ping_OnAConnectionThatIsNewToThisRun_IsHelloRequired() => ShouldBeUnknown();

    [Fact]
    public void Ping_BesideTheSessionOfAnother_IsHelloRequired()
    {
        _bench.Hello("2");

        ShouldBeUnknown();
    }

    [Fact]
    public void Ping_AfterBye_IsHelloRequired()
    {
        _bench.Hello();
        _bench.Send(new Request.Bye());

        ShouldBeUnknown();
    }

    [Fact]
    public void Ping_AfterAHelloThatWasRefused_IsHelloRequired_ThoughThereWasASession()
    {
        _bench.Hello();
        _bench.Send(new Request.Hello("2", "app"));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.UnsupportedVersion);

        ShouldBeUnknown();
    }

    [Fact]
    public void CreditOfASession_EndsWithIt()
    {
        _bench.Hello();
        _bench.Send(new Request.Receive(RequestId.FromNumber(1), "orders", 5, null));
        _bench.Hello();
        _bench.Enqueue("orders@here", IntakeBench.Item());

        _bench.Take().ShouldNotContain(reply => reply is Reply.Delivery);
    }

    private void ShouldBeUnknown()
    {
        _bench.Send(_ping);
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.HelloRequired);
    }
}
