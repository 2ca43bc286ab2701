using Gateway.Links.Protocol;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The one judgement of a gateway's health.</summary>
public sealed class HealthTests
{
    private readonly ManagementBench _bench = new();

    [Fact]
    public void AGateway_WhoseLinksAreUp_IsHealthy()
    {
        _bench.Welcome("there");
        _bench.Welcome("far");

        var health = Health.Of(_bench.ReadState());

        health.Status.ShouldBe(HealthStatus.Healthy);
        health.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void APeer_ThatIsNotReached_Degrades_AndOneThatIsPausedDoesNot()
    {
        _bench.Welcome("there");
        _bench.Lose("far");

        var health = Health.Of(_bench.ReadState());
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Reasons.ShouldHaveSingleItem().About.ShouldBe("far");

        _bench.Management.PausePeer("far", "work on the line", "anna", _ => { });
        _bench.After(TimeSpan.FromSeconds(1));
        Health.Of(_bench.ReadState()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void AFullStore_IsUnhealthy_AndApplicationsAreToldWhy()
    {
        _bench.Welcome("there");
        _bench.Welcome("far");
        _bench.Enqueue("jobs@here", [.. Enumerable.Repeat(new string('x', 4_000), 3)]);
        _bench.After(TimeSpan.FromSeconds(1));

        var full = _bench.ReadState() with { StoredBytesMax = 10_000 };
        Health.Of(full).Status.ShouldBe(HealthStatus.Unhealthy);
        Health.IntakeObstaclesOf(full).ShouldHaveSingleItem().Code.ShouldBe("store-full");
    }

    [Fact]
    public void AGateway_ThatStops_TakesNothing_AndSaysSo()
    {
        _bench.Core.CloseIntake();
        _bench.After(TimeSpan.FromSeconds(1));

        Health.IntakeObstaclesOf(_bench.ReadState()).ShouldHaveSingleItem().Code.ShouldBe("stopping");
    }

    [Fact]
    public void ADrill_IsRefusedWhereItIsNotAllowed()
    {
        _bench.Welcome("there");

        _bench.Management.DrillPeer("there", DrillKind.Kill, TimeSpan.FromSeconds(3), "anna").ShouldBe(DrillAnswer.NotEnabled);
        _bench.Management.Audit.ShouldBeEmpty();
    }
}
