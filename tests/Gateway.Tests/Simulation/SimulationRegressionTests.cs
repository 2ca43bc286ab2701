using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Worlds in which the simulator has found a bug, by what it was.</summary>
public sealed class SimulationRegressionTests
{
    [Fact]
    public void AHelloThatArrivesLate_TookThePlaceOfTheConnectionThatFollowedIt() => InMemory(100);

    [Fact]
    public void AWallClockSetForward_EndedLeasesAndLinks() => InMemory(12);

    [Fact]
    public void AWallClockSetBack_BroughtBackWhatHadExpired() => InMemory(10_922);

    [Fact]
    public void WhatFollowedAFullBatch_BrokeTheWindow() => InMemory(13_146);

    [Fact]
    public void AWallClockSetBack_MadeALateHelloOfAFormerRunARestart() => InMemory(3_031_791);

    private static void InMemory(int seed) => new SimulatedWorld(seed, hasDisks: false, new Occurrences()).Run();
}
