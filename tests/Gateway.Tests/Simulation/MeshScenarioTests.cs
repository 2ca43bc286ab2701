using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>What a mesh at rest costs, counted: the figures of gateway/docs/scaling.md.</summary>
public sealed class MeshScenarioTests
{
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void AMeshAtRest_HasAConnectionInEachDirection_AndAFrameASecondOnEach(int gateways)
    {
        var world = new SimulatedWorld(SimulationProfile.Quiet() with
        {
            Gateways = [.. Enumerable.Range(0, gateways).Select(number => $"g{number}")],
            Links = new LinkSettings { Limits = new LinkLimits(4000, 5000, 50) },
        });
        foreach (var consumer in world.Consumers) consumer.IsAway = true;
        foreach (var gateway in world.Gateways) gateway.Start();
        world.Pass(_settling);
        var before = world.Network.Frames;

        world.Pass(TimeSpan.FromMinutes(1));

        var connections = gateways * (gateways - 1);
        world.Network.Established.ShouldBe(connections);
        var framesPerConnection = (world.Network.Frames - before) / (double)connections;
        framesPerConnection.ShouldBeInRange(55, 65);
    }
}
