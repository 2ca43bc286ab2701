namespace Gateway.Cli.Demo;

/// <summary>The sending application of a demo.</summary>
internal interface IDemoProducer
{
    /// <summary>Sends all messages in sequence; returns when each is accepted.</summary>
    /// <param name="onAccepted">Called for each sequence number, in order, once its receipt is here.</param>
    /// <param name="onSentAgain">Called before a message is sent once more, since the answer to it was lost.</param>
    Task RunAsync(Func<long, ValueTask> onAccepted, Func<long, ValueTask> onSentAgain, CancellationToken cancellationToken);
}
