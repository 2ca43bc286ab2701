namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The thread of a process that owns its store.</summary>
internal interface ISimulatedThread
{
    /// <summary>Called before each step with the database.</summary>
    HoldTrouble NextTrouble();

    /// <summary>The whole process stands still for a while, and the world goes on.</summary>
    void StandStill();
}
