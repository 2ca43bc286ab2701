using Gateway.Composition;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store;
using Gateway.Tests.Store;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>A store counts as stalled only when it executes nothing at all, not while a command waits for room on its disk.</summary>
public sealed class WatchedStoreTests
{
    private static readonly LinkSettings _settings = new() { Limits = new LinkLimits(1, 1, 1) };
    private static readonly TimeSpan _patience = StoreWait.PatienceOf(_settings);

    private readonly LoopClock _clock = new();
    private readonly SubmittedCommands _submitted = [];
    private readonly WatchedStore _store;

    public WatchedStoreTests()
    {
        _clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _store = new WatchedStore(_submitted, _clock, _settings);
    }

    [Fact]
    public void ACommandThatWaitsForRoom_IsNoStall_WhileTheStoreExecutesWhatNeedsNone()
    {
        _store.Submit(new MarkCommand("name", "value", done: null));
        var end = _clock.Uptime + TimeSpan.FromHours(1);
        var asked = 0;
        while (_clock.Uptime < end)
        {
            // The least that the loop does: it ticks when that is due.
            _store.Due.ShouldBeGreaterThan(_clock.Uptime);
            PassTo(_store.Due);
            _store.IsFound().ShouldBeFalse();
            asked += ExecuteWhatNeedsNoRoom();
        }

        asked.ShouldBeInRange(100, (int)(TimeSpan.FromHours(1) / (_patience / 2)) + 1);
        _store.StalledSince.ShouldBeNull();
    }

    [Fact]
    public void AStoreThatExecutesNothing_IsFoundOnce_AfterThePatience()
    {
        var began = _clock.Now;
        _store.Submit(new MarkCommand("name", "value", done: null));
        PassTo(_store.Due);
        _store.IsFound().ShouldBeFalse();
        _submitted.Count.ShouldBe(2);
        PassTo(_store.Due);

        _store.IsFound().ShouldBeTrue();

        _clock.Now.ShouldBe(began + _patience);
        _store.StalledSince.ShouldBe(began);
        _store.IsFound().ShouldBeFalse();
        _store.OnAnswered(_submitted.Dequeue()).ShouldBeTrue();
        _store.StalledSince.ShouldBeNull();
    }

    [Fact]
    public void ALoopThatStoodStillItself_GivesTheStoreTimeForASignOfLife()
    {
        _store.Submit(new MarkCommand("name", "value", done: null));
        PassTo(_clock.Uptime + (_patience * 10));

        _store.IsFound().ShouldBeFalse();
        _store.IsFound().ShouldBeFalse();
        ExecuteWhatNeedsNoRoom();
        PassTo(_store.Due);
        _store.IsFound().ShouldBeFalse();
    }

    private void PassTo(TimeSpan uptime) => _clock.Advance(_clock.Now + (uptime - _clock.Uptime));

    private int ExecuteWhatNeedsNoRoom()
    {
        var done = _submitted.Where(command => !command.NeedsRoom).ToList();
        var waiting = _submitted.Where(command => command.NeedsRoom).ToList();
        _submitted.Clear();
        foreach (var command in waiting) _submitted.Enqueue(command);
        foreach (var command in done) _store.OnAnswered(command);
        return done.Count;
    }
}
