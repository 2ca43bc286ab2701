namespace Gateway.Contract;

/// <summary>A promise does not hold.</summary>
internal sealed class BrokenClauseException : Exception
{
    public BrokenClauseException(string message)
        : base(message)
    {
    }
}
