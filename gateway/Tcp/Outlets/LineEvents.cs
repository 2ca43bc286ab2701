namespace Gateway.Tcp.Outlets;

/// <summary>Makes what is heard of a line's connection events of its outlet.</summary>
internal sealed class LineEvents(ILineOwner owner, ITarget line) : ITarget
{
    public void OnConnected(string remote, TargetProgram? program)
    {
        owner.Enter();
        line.OnConnected(remote, program);
        owner.Leave();
    }

    public void OnProgress(TargetProgress progress)
    {
        owner.Enter();
        line.OnProgress(progress);
        owner.Leave();
    }

    public void OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        owner.Enter();
        line.OnFrames(frames);
        owner.Leave();
    }

    public void OnFinished()
    {
        owner.Enter();
        line.OnFinished();
        owner.Leave();
    }

    public void OnExamined(TargetProgram? program, string evidence)
    {
        owner.Enter();
        line.OnExamined(program, evidence);
        owner.Leave();
    }

    public void OnLost(TargetEnd end)
    {
        owner.Enter();
        line.OnLost(end);
        owner.Leave();
    }
}
