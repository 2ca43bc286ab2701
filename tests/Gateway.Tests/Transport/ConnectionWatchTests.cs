using Gateway.Transport;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

public sealed class ConnectionWatchTests
{
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionWatch _watch;

    public ConnectionWatchTests() => _watch = new ConnectionWatch(
        new ConnectionPatience(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)) { Heartbeat = _heartbeat },
        new PatientTime(_time, TimeSpan.FromSeconds(1)), new WireBytes());

    [Fact]
    public void ASilentPeer_IsAskedAfterAHeartbeat()
    {
        _time.Advance(_heartbeat);
        _watch.IsAskingDue.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        _watch.IsAskingDue.ShouldBeTrue();
    }

    [Fact]
    public void AnAgreedSilence_IsKept_AndThenThePeerIsAsked()
    {
        _watch.KeepQuiet(TimeSpan.FromMinutes(15));

        _time.Advance(TimeSpan.FromMinutes(15));
        _watch.IsAskingDue.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        _watch.IsAskingDue.ShouldBeTrue();
    }
}
