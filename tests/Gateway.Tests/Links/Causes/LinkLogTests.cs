using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links.Causes;

/// <summary>A link's changes are logged in whole sentences, at the level that they deserve.</summary>
public sealed class LinkLogTests
{
    private readonly Log _log = new();
    private readonly LinkBench _bench;

    public LinkLogTests() => _bench = new LinkBench(logger: _log);

    [Fact]
    public void ALinkThatComesUp_SaysNoMoreThanThat()
    {
        _bench.Up();

        _log.Lines[^1].ShouldBe("Information: Link to there is Up.");
    }

    [Fact]
    public void ALinkThatGoesDown_IsAWarning_WithItsCauseItsEvidenceAndTheRemedy()
    {
        _bench.Link.Start();
        _bench.Link.OnLost(LinkCause.Refused, "127.0.0.1:1 refused");

        _log.Lines.ShouldHaveSingleItem().ShouldBe(
            $"Warning: Link to there is Down (Refused). 127.0.0.1:1 refused. {LinkAdvice.For(LinkCause.Refused)}");
    }

    [Fact]
    public void ALinkThatComesUpAgain_NamesTheInterruption_AndNotAsItsPresentCause()
    {
        _bench.Up();
        _bench.Link.OnLost(LinkCause.PeerSilent, "no answer");
        _bench.After(_bench.Settings.BackoffMax);
        _bench.Link.OnConnected();
        _bench.Welcome(LinkBench.There);

        _log.Lines.ShouldContain(line => line.StartsWith(
            "Information: Link to there is Up, after PeerSilent. No answer", StringComparison.Ordinal));
    }

    [Fact]
    public void APause_IsNoWarning()
    {
        _bench.Up();
        _bench.Link.Pause("paused by anna");

        _log.Lines[^1].ShouldStartWith("Information: Link to there is Paused (PausedByOperator). paused by anna. ");
    }

    private sealed class Log : ILogger<OutgoingLink>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
