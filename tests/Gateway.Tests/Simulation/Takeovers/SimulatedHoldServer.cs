using Gateway.Store.Holding;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>The simulated database as one run of a process sees it.</summary>
internal sealed class SimulatedHoldServer(SimulatedDatabase database, SimulatedRow row, HoldSettings settings, ISimulatedThread thread)
    : IHoldServer<SimulatedHoldConnection>
{
    private readonly List<SimulatedHoldConnection> _connections = [];

    public SimulatedDatabase Database => database;

    public SimulatedRow Row => row;

    public HoldSettings Settings => settings;

    public ISimulatedThread Thread => thread;

    public string Place => "the simulated database";

    /// <summary>Another process, or another run of this one, has opened the store since.</summary>
    public bool IsDisplaced => row.Opener != this;

    /// <summary>When a piece of work with the database was last done.</summary>
    public DateTimeOffset LastAnswer { get; set; } = database.Now;

    public SimulatedHoldConnection Open()
    {
        if (database.IsAway) throw new SimulatedDatabaseException(HoldFault.Passing, "the database is away");
        var connection = new SimulatedHoldConnection(database.Connect(), this);
        _connections.Add(connection);
        return connection;
    }

    public HoldFault Judge(Exception cause) => cause switch
    {
        SimulatedDatabaseException refused => refused.Fault,
        TimeoutException => HoldFault.Passing,
        _ => HoldFault.Foreign,
    };

    public string Describe(Exception cause) => cause.Message;

    public string Refuse(Exception cause) => cause.Message;

    public void Pause(TimeSpan time) => database.Meanwhile(time);

    /// <summary>The process has ended without a word.</summary>
    public void Abandon()
    {
        foreach (var connection in _connections) connection.Break();
    }

    public void Dispose()
    {
        // Its connections are disposed of by themselves.
    }
}
