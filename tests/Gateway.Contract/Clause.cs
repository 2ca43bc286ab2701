namespace Gateway.Contract;

/// <summary>One promise of the client.</summary>
internal sealed class Clause
{
    public Clause(string name, Func<Task> holds)
    {
        Name = name;
        Holds = holds;
    }

    /// <summary>The promise, as a sentence.</summary>
    public string Name { get; }

    /// <summary>Throws if it does not hold.</summary>
    public Func<Task> Holds { get; }
}
