using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Tcp.Inlets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>Inlets that operators pause.</summary>
public sealed class PausedInletsTests
{
    private readonly ManagementBench _bench = new(inlet: InletBench.Settings());

    [Fact]
    public void APausedInlet_SaysWhoPausedIt_AndTakesNothing_AcrossARestart_UntilItIsResumed()
    {
        _bench.Doors.Held.ShouldBeEmpty();

        _bench.Ask<bool>(answer => _bench.Management.PauseInlet("in", "new press", "ann", answer)).ShouldBeTrue();
        ShouldBePaused();
        _bench.Restart();
        ShouldBePaused();

        _bench.Ask<bool>(answer => _bench.Management.ResumeInlet("in", "ann", answer)).ShouldBeTrue();
        _bench.Doors.Held.ShouldBeEmpty();
        _bench.After(TimeSpan.FromSeconds(2));
        _bench.ReadState().Inlets.ShouldHaveSingleItem().Status.IsWell.ShouldBeTrue();
        _bench.Restart();
        _bench.Doors.Held.ShouldBeEmpty();
        _bench.Doors.Listening.ShouldBe([InletBench.Address]);
    }

    [Fact]
    public void BothActs_AreRecorded()
    {
        _bench.Ask<bool>(answer => _bench.Management.PauseInlet("in", "new press", "ann", answer));
        _bench.Ask<bool>(answer => _bench.Management.ResumeInlet("in", "bob", answer));

        _bench.Management.Audit.Select(entry => $"{entry.Who} {entry.Action} {entry.About} {entry.Text}").Order()
            .ShouldBe(["ann pause inlet in new press", "bob resume inlet in "]);
    }

    [Fact]
    public void AnInletThatIsNotThere_IsNotPaused()
    {
        _bench.Ask<bool>(answer => _bench.Management.PauseInlet("none", "", "ann", answer)).ShouldBeFalse();
        _bench.Ask<bool>(answer => _bench.Management.ResumeInlet("none", "ann", answer)).ShouldBeFalse();
        _bench.Management.Audit.ShouldBeEmpty();
    }

    private void ShouldBePaused()
    {
        _bench.Doors.Held.ShouldBe([InletBench.Address]);
        var inlet = _bench.ReadState().Inlets.ShouldHaveSingleItem();
        (inlet.Status.State, inlet.Status.Cause).ShouldBe((LinkState.Paused, LinkCause.PausedByOperator));
        inlet.Pause.ShouldBe(new Pause(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), "ann", "new press"));
    }
}
