using Gateway.Client.Wire;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

/// <summary>A token that is not known is answered late and counted; whoever guesses gets no further meanwhile.</summary>
public sealed class RefusedHellosTests
{
    private const string Token = "0123456789abcdef";

    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly IntakeBench _bench = new(applications: new ApplicationBook(
        [(ApplicationBook.Hash(Token), new ApplicationRights("web", new NamePatterns(["*"]), new NamePatterns(["*"])))]));

    [Fact]
    public void AnUnknownToken_IsAnsweredAfterASecond_AndCounted()
    {
        _bench.Send(new Request.Hello("1", "web", "guess"));
        After(_delay - TimeSpan.FromMilliseconds(1));
        _bench.Take().ShouldBeEmpty();

        _bench.Sessions.NextTick.ShouldBe(_bench.Clock.Uptime + TimeSpan.FromMilliseconds(1));
        After(TimeSpan.FromMilliseconds(1));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>().Code.ShouldBe(WireCode.NotAuthorised);
        _bench.Enqueues.TokensRefused.ShouldBe(1);
        _bench.Sessions.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    [Fact]
    public void AThousandGuessesAtOnce_AreOneGuess_AndARightTokenOnAnotherConnectionWaitsForNobody()
    {
        for (var i = 0; i < 1000; i++) _bench.Send(new Request.Hello("1", "web", i == 999 ? Token : $"guess {i}"));
        _bench.Send(new Request.Hello("1", "web", Token), connection: "2");

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Welcome>();
        After(_delay);
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Error>();
        _bench.Enqueues.TokensRefused.ShouldBe(1);
        _bench.Send(new Request.Hello("1", "web", Token));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Welcome>();
    }

    [Fact]
    public void AConnectionThatHasShownAnUnknownToken_IsRefused_UntilItShowsAKnownOne()
    {
        _bench.Send(new Request.Ping("early"u8.ToArray())).ShouldBe(CallerStanding.Unknown);
        _bench.Send(new Request.Hello("1", "web", "guess")).ShouldBe(CallerStanding.Refused);
        _bench.Send(new Request.Ping("meanwhile"u8.ToArray())).ShouldBe(CallerStanding.Refused);
        After(_delay);
        _bench.Send(new Request.Hello("1", "web", Token)).ShouldBe(CallerStanding.Known);
        _bench.Send(new Request.Ping("later"u8.ToArray())).ShouldBe(CallerStanding.Known);
    }

    [Fact]
    public void AConnectionThatIsGone_IsNotAnswered()
    {
        _bench.Send(new Request.Hello("1", "web", "guess"));
        _bench.Sessions.OnLost("1");
        After(_delay);

        _bench.Take().ShouldBeEmpty();
        _bench.Sessions.NextTick.ShouldBe(TimeSpan.MaxValue);
    }

    private void After(TimeSpan time)
    {
        _bench.Clock.Advance(_bench.Clock.Now + time);
        _bench.Sessions.Tick();
    }
}
