using Gateway.Store.Holding;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>A connection of a process to the simulated database.</summary>
internal sealed class SimulatedHoldConnection(SimulatedBackend backend, SimulatedHoldServer server) : IHoldConnection<SimulatedTransaction>
{
    private SimulatedRow Row => server.Row;

    private DateTimeOffset Now => server.Database.Now;

    public bool IsOpen { get; private set; } = true;

    public bool IsUncertain { get; private set; }

    public bool Find(bool mayMake) => Ask(() => true);

    public HoldRow Look() => Ask(() => new HoldRow(Row.Epoch, Row.Holder, Now - Row.Seen, Closed: null));

    public bool Begin(long expected, long epoch, string holder) => Ask(() => Row.Begin(expected, epoch, holder, server, Now));

    public bool SayThatItLives(long epoch, bool isDurable) => Ask(() => Row.SayThatItLives(epoch, Now));

    public bool TryLock() => Ask(() => Row.TryLock(backend));

    /// <summary>Nobody waits in a world of one thread: who does not get the lock asks again later.</summary>
    public bool TryAwaitLock(TimeSpan patience) => TryLock();

    public bool IsLocked() => Ask(() => Row.IsLocked);

    public void EndHolders(long epoch) => Ask(() =>
    {
        Row.EndHolders(epoch);
        return true;
    });

    public SimulatedTransaction BeginChange() => new(this);

    public void Commit(SimulatedTransaction transaction) => Send(() =>
    {
        Row.Execute(transaction, server);
        return true;
    }, isCommit: true);

    /// <summary>Asks for something that changes no block.</summary>
    public T Ask<T>(Func<T> question) => Send(question, isCommit: false);

    /// <summary>It is cut; the database notices that at once, or some time later.</summary>
    public SimulatedDatabaseException Break()
    {
        if (IsOpen) backend.LoseClient(server.Database.NoticesEnd(2 * server.Settings.Lease));
        IsOpen = false;
        return new SimulatedDatabaseException(HoldFault.Passing, "the connection was lost");
    }

    public void Dispose()
    {
        if (IsOpen) backend.End();
        IsOpen = false;
    }

    private T Send<T>(Func<T> work, bool isCommit)
    {
        var trouble = server.Thread.NextTrouble();
        if (trouble == HoldTrouble.PauseBefore) server.Thread.StandStill();
        server.Database.Step();
        if (!IsOpen || backend.IsEnded || server.Database.IsAway || trouble == HoldTrouble.CutBefore) throw Break();
        if (trouble == HoldTrouble.CutWithin && isCommit)
        {
            backend.Begin(() => work());
            if (!Row.IsLockedBy(backend)) backend.Decide();
            throw Break();
        }

        var answer = work();
        if (trouble == HoldTrouble.AnswerLost) throw Break();
        if (trouble == HoldTrouble.PauseAfter)
        {
            server.Thread.StandStill();
            // What was answered before the connection ended may be there to read.
            if (backend.IsEnded && server.Database.IsLikely()) throw Break();
        }

        IsUncertain |= trouble == HoldTrouble.Uncertain && isCommit;
        return answer;
    }
}
