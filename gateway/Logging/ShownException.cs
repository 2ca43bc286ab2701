namespace Gateway.Logging;

/// <summary>An exception for the log, which quotes what others wrote without its control characters. Its lines stay lines.</summary>
internal sealed class ShownException : Exception
{
    private readonly string _text;

    private ShownException(Exception exception)
        : base(ForeignText.Plain(exception.Message)) => _text = ForeignText.Lines(exception.ToString());

    public static ShownException? Of(Exception? exception) => exception is null ? null : new ShownException(exception);

    public override string ToString() => _text;
}
